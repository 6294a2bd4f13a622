namespace PrefectPS.Runs;

/// <summary>Timing of leases. All processes that share a store should use the same.</summary>
internal sealed record LeaseOptions
{
    /// <summary>Maximum duration that can be chosen, or is trusted in a store.</summary>
    public static readonly TimeSpan LongestDuration = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How often a holder retries because of a late write of a process that was suspended. Such writes are few: if they do not end, somebody works on the
    /// run without its lease.
    /// </summary>
    public const int MaxLateWrites = 16;

    /// <summary>The defaults.</summary>
    public static LeaseOptions Default { get; } = new();

    /// <summary>Duration of a lease without renewal: whole seconds, up to <see cref="LongestDuration"/>.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Approximate time before a task looks again for a free slot.</summary>
    public TimeSpan PlaceInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between renewals.</summary>
    public TimeSpan RenewalInterval { get; init; } = TimeSpan.FromSeconds(10);
}
