using System.Globalization;
using PrefectPS.Results;

namespace PrefectPS.Flows;

/// <summary>Time zone a run began in. Targets use it for local dates, so that a date names the same folder in whatever zone the steps run.</summary>
internal static class TargetZone
{
    private const string OffsetFormat = @"hh\:mm";

    /// <summary>Name of the zone a new run begins in; null if no target, subflows included, uses values.</summary>
    public static string? NameFor(Flow flow) => IsNeeded(flow) ? NameOf(flow.Services.Clock.LocalTimeZone) : null;

    /// <summary>Converts a local date to the run's zone; returns other values unchanged.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: the zone is unknown here.</exception>
    public static object? Settle(object? value, string? zone, string target) => value is DateTime { Kind: DateTimeKind.Local } local && zone is not null
        ? TimeZoneInfo.ConvertTime(new DateTimeOffset(local), Find(zone) ?? throw FlowErrors.TargetZoneUnknown(target, zone))
        : value;

    private static bool IsNeeded(Flow flow) =>
        flow.Freeze().Tasks.Any(task => task.Target?.TakesValues == true || (task.Subflow is { } subflow && IsNeeded(subflow)));

    // Other machines know an unnamed local zone only by its offset.
    private static string NameOf(TimeZoneInfo zone)
    {
        if (Find(zone.Id) is not null)
            return zone.Id;
        var offset = zone.BaseUtcOffset;
        return (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(OffsetFormat, CultureInfo.InvariantCulture);
    }

    private static TimeZoneInfo? Find(string name)
    {
        if (name.Length > 1 && name[0] is '+' or '-' && TimeSpan.TryParseExact(name.Substring(1), OffsetFormat, CultureInfo.InvariantCulture, out var offset))
            return TimeZoneInfo.CreateCustomTimeZone(name, name[0] == '-' ? -offset : offset, name, name);
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException or System.Security.SecurityException or IOException)
        {
            return null;
        }
    }
}
