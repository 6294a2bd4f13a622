using System.Net;

namespace PrefectPS.Orleans.Workers;

/// <summary>A worker's address and timeouts. Immutable.</summary>
public sealed record WorkerOptions
{
    /// <summary>The listening address; null for the machine's own, or loopback without encryption.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>How long an unacknowledged outcome is kept for the run's next step, in case the step that dispatched the body is gone.</summary>
    internal TimeSpan Keep { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a worker accepts no other body after rejecting one that must run alone.</summary>
    internal TimeSpan Reservation { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a body may be queued before it is evicted.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The delay before an undelivered update is sent again.</summary>
    internal TimeSpan Rest { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long running bodies may go on once the worker is to end.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The timeout for joining the cluster.</summary>
    internal TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
