using PrefectPS.Channels;
using PrefectPS.Documents;
using PrefectPS.Runs;

namespace PrefectPS.Http.Events;

/// <summary>Options for receiving events.</summary>
/// <param name="Reception">Receives events for the runs of a flow.</param>
/// <param name="Dispatcher">Runs the flow's code on the cmdlet's thread.</param>
public sealed record EventOptions(EventReception Reception, CmdletDispatcher Dispatcher)
{
    /// <summary>The signing keys of links; null for no links.</summary>
    public SigningKeys? Keys { get; init; }

    /// <summary>The channel for runs that an event has resumed; null where others take their steps.</summary>
    public IFlowChannel? Channel { get; init; }

    /// <summary>How long to wait until an event is applied; longer than the polling interval of a running step.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>The number of concurrent event requests.</summary>
    internal int MaxAtOnce { get; init; } = 16;

    /// <summary>The clock.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}
