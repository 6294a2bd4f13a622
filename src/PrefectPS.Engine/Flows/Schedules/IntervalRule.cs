using System.Globalization;

namespace PrefectPS.Flows;

/// <summary>A time that passes between two runs, whatever clocks are set to, counted from a start: there are no times before that.</summary>
internal sealed record IntervalRule : ScheduleRule
{
    private readonly TimeSpan _interval;
    private readonly DateTimeOffset _start;

    /// <param name="interval">The time: whole seconds, one at least.</param>
    /// <param name="start">When the first run is; UTC.</param>
    public IntervalRule(TimeSpan interval, DateTimeOffset start)
        : base($"{interval.ToString("c", CultureInfo.InvariantCulture)} from {ScheduledTime.IdOf(start)}") => (_interval, _start) = (interval, start);

    /// <inheritdoc/>
    public override DateTimeOffset? NextFrom(DateTimeOffset from, TimeZoneInfo zone)
    {
        if (from <= _start)
            return _start;
        var past = (from - _start).Ticks;
        var next = (past + _interval.Ticks - 1) / _interval.Ticks;
        return next <= (DateTimeOffset.MaxValue - _start).Ticks / _interval.Ticks ? _start.AddTicks(next * _interval.Ticks) : null;
    }
}
