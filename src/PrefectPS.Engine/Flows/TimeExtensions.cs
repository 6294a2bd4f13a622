namespace PrefectPS.Flows;

/// <summary>Time arithmetic that saturates instead of overflowing.</summary>
public static class TimeExtensions
{
    /// <summary>Adds a duration; saturates at <see cref="DateTimeOffset.MaxValue"/>.</summary>
    public static DateTimeOffset Plus(this DateTimeOffset time, TimeSpan duration) =>
        duration < DateTimeOffset.MaxValue - time ? time + duration : DateTimeOffset.MaxValue;
}
