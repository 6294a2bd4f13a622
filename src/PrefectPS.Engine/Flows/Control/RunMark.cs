namespace PrefectPS.Flows;

/// <summary>That somebody has stopped or suspended a run. Immutable.</summary>
/// <param name="IsStop">Whether the run was stopped, and has ended; else it is suspended, and goes on once it is resumed.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="At">When; UTC.</param>
/// <param name="Reason">Why; null where nothing was said.</param>
internal sealed record RunMark(bool IsStop, string By, DateTimeOffset At, string? Reason)
{
    /// <summary>What a person is told.</summary>
    public string Message => $"{(IsStop ? "Stopped" : "Suspended")} by {By}{(Reason is null ? "." : $": {Reason}")}";
}
