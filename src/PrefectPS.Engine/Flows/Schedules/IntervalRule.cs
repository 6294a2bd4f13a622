using System.Globalization;

namespace PrefectPS.Flows;

/// <summary>A fixed interval of elapsed time, counted from a start; no times before the start.</summary>
public sealed record IntervalRule : ScheduleRule
{
    private const string From = " from ";

    private readonly TimeSpan _interval;
    private readonly DateTimeOffset _start;

    /// <param name="interval">The interval: whole seconds, at least one.</param>
    /// <param name="start">Time of the first run; UTC.</param>
    public IntervalRule(TimeSpan interval, DateTimeOffset start)
        : base($"{interval.ToString("c", CultureInfo.InvariantCulture)}{From}{ScheduledTime.IdOf(start)}") => (_interval, _start) = (interval, start);

    /// <summary>Parses an interval rule; null if the text is not one.</summary>
    internal static IntervalRule? TryParse(string text) =>
        text.IndexOf(From, StringComparison.Ordinal) is >= 0 and var at
        && TimeSpan.TryParseExact(text.Substring(0, at), "c", CultureInfo.InvariantCulture, out var interval) && interval >= TimeSpan.FromSeconds(1)
        && ScheduledTime.Find(text.Substring(at + From.Length)) is { } start
            ? new(interval, start)
            : null;

    /// <inheritdoc/>
    internal override DateTimeOffset? NextFrom(DateTimeOffset from, TimeZoneInfo zone)
    {
        if (from <= _start)
            return _start;
        var past = (from - _start).Ticks;
        var next = (past + _interval.Ticks - 1) / _interval.Ticks;
        return next <= (DateTimeOffset.MaxValue - _start).Ticks / _interval.Ticks ? _start.AddTicks(next * _interval.Ticks) : null;
    }
}
