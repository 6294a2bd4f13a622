using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Parses <c>New-Flow -Schedule -TimeZone -ScheduleStart</c>.</summary>
internal static class ScheduleParameter
{
    // An arbitrary midnight, so that an interval of hours has the same times each day.
    private static readonly DateTime UsualStart = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    /// <summary>The schedule.</summary>
    /// <param name="flow">The flow's name, for errors.</param>
    /// <param name="given">Cron expressions and intervals.</param>
    /// <param name="zoneName">The id of the time zone, IANA's or that of Windows.</param>
    /// <param name="start">When intervals start; null for the default.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>.</exception>
    public static FlowSchedule Resolve(string flow, object[] given, string zoneName, DateTime? start)
    {
        var zone = ZoneOf(flow, zoneName);
        var from = ZonedTime.Of(start ?? UsualStart, zone);
        ScheduleRule[] rules = [.. given.Select(each => RuleOf(flow, PowerShellValues.Instance.Unwrap(each), WholeSecond(from)))];
        if (start is not null && !Array.Exists(rules, rule => rule is IntervalRule))
            throw FlowErrors.FlowInvalid(flow, "-ScheduleStart is the start of an interval, and its schedule has none");
        return new([.. rules.Distinct()], zone, zoneName);
    }

    private static ScheduleRule RuleOf(string flow, object? given, DateTimeOffset start) => given switch
    {
        TimeSpan interval => Interval(flow, interval, start),
        _ when DurationTransformationAttribute.NumberIn(given) is not null => throw Refusal(flow, given, "the unit of a number is unclear: seconds, minutes or days"),
        string text when text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) =>
            interval.Days == 0 || text.Contains('.') ? Interval(flow, interval, start) : throw Refusal(flow, given, $"as a timespan it is {interval.Days} days, which are written {interval:c}"),
        string text => CronRule.TryParse(text.Trim(), out var fault) ?? throw Refusal(flow, given, fault!),
        _ => throw Refusal(flow, given, "it is neither a text nor a timespan"),
    };

    private static IntervalRule Interval(string flow, TimeSpan interval, DateTimeOffset start) =>
        interval >= TimeSpan.FromSeconds(1) && interval.Ticks % TimeSpan.TicksPerSecond == 0
            ? new(interval, start)
            : throw Refusal(flow, interval, "an interval must be whole seconds, at least one");

    private static FlowException Refusal(string flow, object? given, string why) =>
        FlowErrors.FlowInvalid(flow, $"its schedule '{given}' is none: {why}. Write a cron expression such as '0 3 * * 1-5', or an interval such as '00:10:00' or (New-TimeSpan -Minutes 10)");

    private static TimeZoneInfo ZoneOf(string flow, string name) =>
        ScheduleZone.Find(name) ?? throw FlowErrors.FlowInvalid(
            flow, $"'{name}' is not a known time zone: use an id such as Europe/Berlin, or a Windows id such as 'W. Europe Standard Time'");

    private static DateTimeOffset WholeSecond(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
