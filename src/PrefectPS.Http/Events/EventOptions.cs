using PrefectPS.Channels;
using PrefectPS.Documents;
using PrefectPS.Runs;

namespace PrefectPS.Http.Events;

/// <summary>What a listener needs to receive events.</summary>
/// <param name="Reception">Takes them for the runs of a flow.</param>
/// <param name="Desk">Where code of the flow is run.</param>
public sealed record EventOptions(EventReception Reception, EventDesk Desk)
{
    /// <summary>The keys of links; null where no links are answered.</summary>
    public SigningKeys? Keys { get; init; }

    /// <summary>By which a run is sent on that an event has woken; null where others take its steps.</summary>
    public IFlowChannel? Channel { get; init; }

    /// <summary>How long it is waited until an event is applied: longer than who works on a run takes to look for one.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How many requests about events are worked on at once.</summary>
    internal int MaxAtOnce { get; init; } = 16;

    /// <summary>The clock.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}
