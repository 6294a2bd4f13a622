namespace PrefectPS.Flows;

/// <summary>The step is being stopped, for example by Ctrl+C: nothing more runs, and no task state changes.</summary>
public sealed class StepStoppedException(Exception? innerException = null)
    : OperationCanceledException("The step was stopped.", innerException);
