namespace PrefectPS.Flows;

/// <summary>Schedule of a flow's runs. Immutable.</summary>
/// <param name="Rules">The rules, at least one; a time that several rules yield counts once.</param>
/// <param name="Zone">Time zone of the rules.</param>
/// <param name="ZoneName">The zone's id as given; other machines may use another id for it.</param>
public sealed record FlowSchedule(IReadOnlyList<ScheduleRule> Rules, TimeZoneInfo Zone, string ZoneName)
{
    private static readonly TimeSpan[] Windows = [.. new double[] { 1.0 / 1440, 1.0 / 24, 1, 31, 366 }.Select(TimeSpan.FromDays)];

    /// <summary>What to do about missed times.</summary>
    public CatchUp CatchUp { get; init; }

    /// <summary>Maximum delay of a run after its scheduled time; null for no limit.</summary>
    public TimeSpan? MaxLateness { get; init; }

    /// <summary>First time at or after another; UTC. Null if there is none.</summary>
    internal DateTimeOffset? NextFrom(DateTimeOffset from) => Rules.Select(rule => rule.NextFrom(from, Zone)).Min();

    /// <summary>All times from one on, ascending; UTC.</summary>
    public IEnumerable<DateTimeOffset> TimesFrom(DateTimeOffset from)
    {
        for (var next = NextFrom(from); next is { } time; next = NextFrom(time.AddTicks(1)))
            yield return time;
    }

    /// <summary>Latest time of a rule in a closed interval; null if there is none.</summary>
    internal DateTimeOffset? LatestOf(ScheduleRule rule, DateTimeOffset from, DateTimeOffset until)
    {
        // Cron expressions cannot be evaluated backwards: try growing windows before the end.
        foreach (var start in Windows.Where(window => until - window > from).Select(window => until - window).Append(from))
        {
            DateTimeOffset? latest = null;
            for (var next = rule.NextFrom(start, Zone); next <= until; next = rule.NextFrom(next.Value.AddTicks(1), Zone))
                latest = next;
            if (latest is not null)
                return latest;
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join(", ", Rules)} ({ZoneName})";
}
