namespace PrefectPS.Storage;

/// <summary>How patient a store is with a service that does not answer, or answers that it is busy.</summary>
public sealed record StoreRetry
{
    /// <summary>How often a request is sent at most.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>The pause before the second try; each later one is twice as long, and all vary by chance.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The longest pause between two tries.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long one try of a request may take.</summary>
    public TimeSpan TryTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long an operation may take in all; what moves more than one block of data may take longer.</summary>
    public TimeSpan TotalTime { get; init; } = TimeSpan.FromSeconds(30);
}
