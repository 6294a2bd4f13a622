namespace PrefectPS.Runs;

/// <summary>The times of leases. All processes that share a store should use the same.</summary>
internal sealed record LeaseOptions
{
    /// <summary>The longest duration that is believed of a lease in a store, and the longest that can be chosen.</summary>
    public static readonly TimeSpan LongestDuration = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How often a holder begins again because of a late write of a process that was suspended. Those are few: where they do not end, somebody works on the run
    /// without its lease.
    /// </summary>
    public const int MaxLateWrites = 16;

    /// <summary>The times that users get.</summary>
    public static LeaseOptions Default { get; } = new();

    /// <summary>How long a lease holds unless it is renewed: whole seconds, up to <see cref="LongestDuration"/>.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a task waits before it looks again for a place of a limit: about so long.</summary>
    public TimeSpan PlaceInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is renewed.</summary>
    public TimeSpan RenewalInterval { get; init; } = TimeSpan.FromSeconds(10);
}
