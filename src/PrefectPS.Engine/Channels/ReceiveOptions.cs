namespace PrefectPS.Channels;

/// <summary>How messages are received.</summary>
public sealed record ReceiveOptions
{
    /// <summary>How long a message is nobody else's; it is extended while a step runs.</summary>
    public TimeSpan LockTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a message is delivered before it is set aside.</summary>
    public int MaxDeliveries { get; init; } = 10;

    /// <summary>Where messages are set aside; null for the channel's own place.</summary>
    public IFlowChannel? DeadLetters { get; init; }
}
