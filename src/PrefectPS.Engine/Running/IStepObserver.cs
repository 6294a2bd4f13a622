namespace PrefectPS.Running;

/// <summary>Observes the progress of a step. Called on the step's own thread.</summary>
public interface IStepObserver
{
    /// <summary>Called when something begins or ends. Called often: the progress is computed only when read.</summary>
    void Changed(StepProgress progress);
}
