namespace PrefectPS.Commands;

/// <summary>A user-specified time, in the flow's time zone unless it has a kind or offset.</summary>
internal static class ZonedTime
{
    /// <summary>The time in UTC.</summary>
    /// <param name="time">The time: local (as from Get-Date), UTC, or without a kind, which means the given zone.</param>
    /// <param name="zone">The zone.</param>
    public static DateTimeOffset Of(DateTime time, TimeZoneInfo zone) =>
        (time.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(time, zone.GetUtcOffset(time)) : new DateTimeOffset(time)).ToUniversalTime();
}
