namespace PrefectPS.Flows;

/// <summary>The step is being stopped from outside, as by Ctrl+C: nothing more is run, and no state is made of it.</summary>
public sealed class StepStoppedException(Exception? innerException = null)
    : OperationCanceledException("The step was stopped.", innerException);
