namespace PrefectPS.States;

/// <summary>A delay or polling that has begun, and does not restart with each attempt or poll. Immutable.</summary>
internal sealed record TaskWait
{
    /// <summary>When polling times out; UTC. Null for no limit, and before the first poll.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>True if an answer was rejected.</summary>
    public bool HasPolled { get; init; }
}
