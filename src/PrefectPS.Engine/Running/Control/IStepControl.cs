namespace PrefectPS.Running;

/// <summary>What others ask of the run of a step while it goes on. Called on the step's own thread.</summary>
internal interface IStepControl
{
    /// <summary>True if no body begins until what was asked is applied.</summary>
    bool IsHalted { get; }

    /// <summary>True if the step is being stopped for what was asked, with the bodies that run.</summary>
    bool IsStopping { get; }

    /// <summary>Cancelled when the step is halted: it waits for no time any more.</summary>
    CancellationToken Halt { get; }

    /// <summary>Looks, where that costs little, whether something was asked: a body is about to begin.</summary>
    void Look();

    /// <summary>Applies what was asked, now that no body runs.</summary>
    /// <param name="run">The run.</param>
    /// <returns>Whether something was, and the step goes on.</returns>
    /// <exception cref="FlowException">It cannot be put on record.</exception>
    bool Apply(RunStates run);
}
