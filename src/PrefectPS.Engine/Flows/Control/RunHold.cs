namespace PrefectPS.Flows;

/// <summary>A stop or suspension of a run. Immutable.</summary>
/// <param name="IsStop">True if the run was stopped and is over; false if it is suspended until resumed.</param>
/// <param name="By">Who requested it.</param>
/// <param name="At">Time of the request; UTC.</param>
/// <param name="Reason">Reason given; null if none.</param>
internal sealed record RunHold(bool IsStop, string By, DateTimeOffset At, string? Reason)
{
    /// <summary>Message for the run's state.</summary>
    public string Message => $"{(IsStop ? "Stopped" : "Suspended")} by {By}{(Reason is null ? "." : $": {Reason}")}";
}
