namespace PrefectPS.Running;

/// <summary>Someone who watches how far a step is. Called on the step's own thread.</summary>
public interface IStepObserver
{
    /// <summary>Something has begun or ended. Called often: what is read of the progress is counted only then.</summary>
    void Changed(StepProgress progress);
}
