using System.Globalization;
using PrefectPS.Results;

namespace PrefectPS.Flows;

/// <summary>
/// The time zone that a run began in. Local dates in targets are written as they are there, so that a date names one folder in whatever zone the steps run.
/// </summary>
internal static class TargetZone
{
    private const string OffsetFormat = @"hh\:mm";

    /// <summary>The name of the zone that a run of the flow begins in; null where no target of it, or of its subflows, is made of values.</summary>
    public static string? NameFor(Flow flow) => IsNeeded(flow) ? NameOf(flow.Services.Clock.LocalTimeZone) : null;

    /// <summary>A value as a target writes it: a local date with the time and offset of the run's zone.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: the zone is not known here.</exception>
    public static object? Settle(object? value, string? zone, string target) => value is DateTime { Kind: DateTimeKind.Local } local && zone is not null
        ? TimeZoneInfo.ConvertTime(new DateTimeOffset(local), Find(zone) ?? throw FlowErrors.TargetZoneUnknown(target, zone))
        : value;

    private static bool IsNeeded(Flow flow) =>
        flow.Freeze().Tasks.Any(task => task.Target?.TakesValues == true || (task.Subflow is { } subflow && IsNeeded(subflow)));

    // A zone that a machine was given without a name is known elsewhere by its offset.
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
