namespace PrefectPS.Commands;

/// <summary>A time that a user has given, in a flow's time zone unless it says itself which it is of.</summary>
internal static class ZonedTime
{
    /// <summary>The time in UTC.</summary>
    /// <param name="time">The time: local to this machine (as Get-Date puts it out), UTC, or of no kind, which is that of the zone.</param>
    /// <param name="zone">The zone.</param>
    public static DateTimeOffset Of(DateTime time, TimeZoneInfo zone) =>
        (time.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(time, zone.GetUtcOffset(time)) : new DateTimeOffset(time)).ToUniversalTime();
}
