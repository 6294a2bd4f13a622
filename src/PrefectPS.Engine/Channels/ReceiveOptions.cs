namespace PrefectPS.Channels;

/// <summary>Options for receiving messages.</summary>
public sealed record ReceiveOptions
{
    /// <summary>The lock duration; renewed while a step runs.</summary>
    public TimeSpan LockTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The number of deliveries after which a message is dead-lettered.</summary>
    public int MaxDeliveries { get; init; } = 10;

    /// <summary>The dead-letter channel; null for the channel's own.</summary>
    public IFlowChannel? DeadLetters { get; init; }
}
