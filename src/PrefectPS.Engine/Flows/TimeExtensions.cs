namespace PrefectPS.Flows;

/// <summary>Sums of times and durations that a user chose, however long.</summary>
public static class TimeExtensions
{
    /// <summary>So much later; the end of all time where that would be past it.</summary>
    public static DateTimeOffset Plus(this DateTimeOffset time, TimeSpan duration) =>
        duration < DateTimeOffset.MaxValue - time ? time + duration : DateTimeOffset.MaxValue;
}
