namespace PrefectPS.Running;

/// <summary>Receives warnings and errors that do not end the step. Called on the step's own thread.</summary>
public interface IStepNotices
{
    /// <summary>Reports a problem that was worked around.</summary>
    void Warn(string text);

    /// <summary>Reports a failed action.</summary>
    void Report(FlowException error);
}
