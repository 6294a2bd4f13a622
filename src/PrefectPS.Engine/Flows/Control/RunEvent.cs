namespace PrefectPS.Flows;

/// <summary>An event that was sent to a run, and that no task has taken yet. Immutable.</summary>
/// <param name="Id">What tells it apart from all others.</param>
/// <param name="Name">Its name.</param>
/// <param name="By">Who sent it.</param>
/// <param name="At">When, by the sender's clock; UTC.</param>
/// <param name="Payload">What comes with it, as JSON; null for nothing.</param>
public sealed record RunEvent(string Id, string Name, string By, DateTimeOffset At, string? Payload)
{
    /// <summary>How many a run keeps that no task has taken.</summary>
    public const int MaxKept = 1000;

    /// <summary>How many characters of JSON they may have together.</summary>
    public const int MaxKeptLength = 1024 * 1024;

    /// <summary>Whether a task that waits for an event of a name takes this one.</summary>
    internal bool IsNamed(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}
