namespace PrefectPS.States;

/// <summary>That a task has been delayed as it is to be, or has begun to poll, which does not begin anew with each attempt and poll. Immutable.</summary>
internal sealed record TaskWait
{
    /// <summary>When its polls end though the answer was never taken; UTC. Null for never, and before the first.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>True if an answer has not been taken.</summary>
    public bool HasPolled { get; init; }
}
