namespace PrefectPS.Storage;

/// <summary>How a store or channel retries requests to a service that does not answer or is busy.</summary>
public sealed record StoreRetry
{
    /// <summary>Maximum number of tries.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>The pause before the second try. Each later pause is twice as long, with a random part.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Maximum delay between tries.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The time limit of one try.</summary>
    public TimeSpan TryTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The time limit of an operation with all its tries. An operation that moves more than one block of data may take longer.</summary>
    public TimeSpan TotalTime { get; init; } = TimeSpan.FromSeconds(30);
}
