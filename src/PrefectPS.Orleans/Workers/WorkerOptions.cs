using System.Net;

namespace PrefectPS.Orleans.Workers;

/// <summary>Where a worker listens, and how long it waits for what. Immutable.</summary>
public sealed record WorkerOptions
{
    /// <summary>The address at which it listens; null for the machine's own, or the loopback address where nothing is encrypted.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>How long an outcome is kept of which nobody says that it is on record: for the run's next step, where the one that asked for it is gone.</summary>
    internal TimeSpan Keep { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long no other body is taken after one was sent that has to run alone.</summary>
    internal TimeSpan Reservation { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a body that was sent ahead waits for a place before it is given back.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long after a step could not be told something it is told again.</summary>
    internal TimeSpan Rest { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long bodies may go on once the worker is to end.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it may take to join the cluster.</summary>
    internal TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
