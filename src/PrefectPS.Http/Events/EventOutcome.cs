using PrefectPS.Flows;

namespace PrefectPS.Http.Events;

/// <summary>What became of an event that was received.</summary>
internal enum EventResult
{
    /// <summary>It is on record.</summary>
    Applied,

    /// <summary>It is stored: whoever works on the run puts it on record.</summary>
    Stored,

    /// <summary>One of its id was received before.</summary>
    Repeated,

    /// <summary>There is no such run.</summary>
    NoRun,

    /// <summary>There is another run of the id than the one that was meant.</summary>
    OtherRun,

    /// <summary>The run was stopped.</summary>
    Stopped,

    /// <summary>The run is over.</summary>
    Over,

    /// <summary>No task of the run waits for it any more.</summary>
    NotAwaited,

    /// <summary>No task of the flow waits for one of its name.</summary>
    Unknown,

    /// <summary>What comes with it cannot be taken.</summary>
    Wrong,

    /// <summary>The run has no room for it.</summary>
    Full,
}

/// <summary>What became of an event that was received, with what is to be said of it.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="Text">What a person is told.</param>
internal sealed record EventOutcome(EventResult Result, string Text)
{
    /// <summary>The run as it then is; null where that is not known.</summary>
    public FlowState? Run { get; init; }

    /// <summary>What is wrong with single values.</summary>
    public IReadOnlyList<ParameterFault> Faults { get; init; } = [];

    /// <summary>Whether the event was received, now or before.</summary>
    public bool IsReceived => Result is EventResult.Applied or EventResult.Stored or EventResult.Repeated;
}
