namespace PrefectPS.Running;

/// <summary>Control requests to a run during its step. Called on the step's own thread.</summary>
internal interface IStepControl
{
    /// <summary>True if no body may begin until pending requests are applied.</summary>
    bool IsHalted { get; }

    /// <summary>True if a request stops the step together with its running bodies.</summary>
    bool IsStopping { get; }

    /// <summary>Cancelled when the step is halted, which ends its waits.</summary>
    CancellationToken Halt { get; }

    /// <summary>Checks for requests, where that is cheap; called before each body.</summary>
    void Look();

    /// <summary>Applies pending requests; called when no body runs.</summary>
    /// <param name="run">The run.</param>
    /// <returns>True if there were any and the step continues.</returns>
    /// <exception cref="FlowException">The requests cannot be recorded.</exception>
    bool Apply(RunStates run);
}
