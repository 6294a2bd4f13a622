namespace PrefectPS.Orleans.Wire;

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
