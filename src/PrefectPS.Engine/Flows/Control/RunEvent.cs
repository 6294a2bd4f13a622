namespace PrefectPS.Flows;

/// <summary>An event sent to a run that no task has taken yet. Immutable.</summary>
/// <param name="Id">Unique id.</param>
/// <param name="Name">The event's name.</param>
/// <param name="By">The sender.</param>
/// <param name="At">Time sent, by the sender's clock; UTC.</param>
/// <param name="Payload">The payload as JSON; null if none.</param>
public sealed record RunEvent(string Id, string Name, string By, DateTimeOffset At, string? Payload)
{
    /// <summary>Maximum number of pending events of a run.</summary>
    public const int MaxKept = 1000;

    /// <summary>Maximum total payload length of pending events, in characters.</summary>
    public const int MaxKeptLength = 1024 * 1024;

    /// <summary>True if a task that waits for this name takes the event.</summary>
    internal bool IsNamed(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}
