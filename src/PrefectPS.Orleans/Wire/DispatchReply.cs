using Orleans;

namespace PrefectPS.Orleans.Wire;

/// <summary>A worker's reply to a dispatch.</summary>
/// <param name="Kind">The outcome.</param>
/// <param name="Reason">Why it was rejected.</param>
[GenerateSerializer, Immutable]
internal sealed record DispatchReply([property: Id(0)] DispatchOutcome Kind, [property: Id(1)] string? Reason = null)
{
    public static readonly DispatchReply Accepted = new(DispatchOutcome.Accepted);
    public static readonly DispatchReply Queued = new(DispatchOutcome.Queued);
    public static readonly DispatchReply Full = new(DispatchOutcome.Full);
}

/// <summary>How a worker answers a dispatched body.</summary>
internal enum DispatchOutcome
{
    /// <summary>The body runs, or has run, on this worker.</summary>
    Accepted,

    /// <summary>No place is free now.</summary>
    Full,

    /// <summary>The worker never runs it: other version of the flow, or shutting down.</summary>
    Rejected,

    /// <summary>The body is queued for the next free place; it is evicted if none becomes free soon.</summary>
    Queued,
}
