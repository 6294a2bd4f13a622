namespace PrefectPS.Flows;

/// <summary>That a task waits for an event before its body runs. Immutable.</summary>
/// <param name="Name">The event's name, which may have variables.</param>
public sealed record EventWait(string Name)
{
    /// <summary>How long it waits; null for any time.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What becomes of it where none has come in that time.</summary>
    public WaitTimeoutAction TimeoutAction { get; init; }

    /// <summary>Checks what comes with an event; null where anything is taken.</summary>
    public IPayloadCheck? Check { get; init; }
}
