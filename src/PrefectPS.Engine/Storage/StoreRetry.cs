namespace PrefectPS.Storage;

/// <summary>Retry options for a service that does not respond or is busy.</summary>
internal sealed record StoreRetry
{
    /// <summary>Maximum number of tries.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>Delay before the second try; doubles with each further one, with jitter.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Maximum delay between tries.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Timeout of one try.</summary>
    public TimeSpan TryTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Timeout of an operation; transfers of more than one block may take longer.</summary>
    public TimeSpan TotalTime { get; init; } = TimeSpan.FromSeconds(30);
}
