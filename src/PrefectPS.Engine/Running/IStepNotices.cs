namespace PrefectPS.Running;

/// <summary>Takes what a person should know of, though the step goes on. Called on the step's own thread.</summary>
public interface IStepNotices
{
    /// <summary>Something was not as it should be, and was done without.</summary>
    void Warn(string text);

    /// <summary>Something was to be done, and could not be.</summary>
    void Report(FlowException error);
}
