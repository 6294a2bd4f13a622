namespace PrefectPS.Flows;

/// <summary>The event a task waits for before its body runs. Immutable.</summary>
/// <param name="Name">Template of the event's name.</param>
public sealed record EventWait(string Name)
{
    /// <summary>Maximum wait; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What happens when the timeout expires.</summary>
    public WaitTimeoutAction TimeoutAction { get; init; }

    /// <summary>Validates the payload; null if any payload is accepted.</summary>
    public IPayloadCheck? Check { get; init; }
}
