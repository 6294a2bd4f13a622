using PrefectPS.Flows;

namespace PrefectPS.Http.Events;

/// <summary>The result of receiving an event.</summary>
internal enum EventResult
{
    /// <summary>The event is on record.</summary>
    Applied,

    /// <summary>The event is stored; the step that holds the lease will record it.</summary>
    Stored,

    /// <summary>An event with this id was received before.</summary>
    Repeated,

    /// <summary>The run does not exist.</summary>
    NoRun,

    /// <summary>The run has another incarnation than expected.</summary>
    OtherRun,

    /// <summary>The run was stopped.</summary>
    Stopped,

    /// <summary>The run has ended.</summary>
    Over,

    /// <summary>No task of the run waits for it any more.</summary>
    NotAwaited,

    /// <summary>No task of the flow waits for an event with this name.</summary>
    Unknown,

    /// <summary>The payload is invalid.</summary>
    Wrong,

    /// <summary>The run's storage for events is full.</summary>
    Full,
}

/// <summary>The outcome of receiving an event.</summary>
/// <param name="Result">The result.</param>
/// <param name="Text">The explanation for a person.</param>
internal sealed record EventOutcome(EventResult Result, string Text)
{
    /// <summary>The run afterwards; null where unknown.</summary>
    public FlowState? Run { get; init; }

    /// <summary>The faults of single values.</summary>
    public IReadOnlyList<ParameterFault> Faults { get; init; } = [];

    /// <summary>True if the event was received, now or before.</summary>
    public bool IsReceived => Result is EventResult.Applied or EventResult.Stored or EventResult.Repeated;
}
