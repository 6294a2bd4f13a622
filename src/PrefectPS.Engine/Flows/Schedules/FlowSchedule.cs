namespace PrefectPS.Flows;

/// <summary>When a flow's runs begin. Immutable.</summary>
/// <param name="Rules">Its rules, one at least; a time of two of them is one time.</param>
/// <param name="Zone">The time zone that they are meant in.</param>
/// <param name="ZoneName">The zone's id as it was given: on another machine the same zone may have another one.</param>
public sealed record FlowSchedule(IReadOnlyList<ScheduleRule> Rules, TimeZoneInfo Zone, string ZoneName)
{
    private static readonly TimeSpan[] Windows = [.. new double[] { 1.0 / 1440, 1.0 / 24, 1, 31, 366 }.Select(TimeSpan.FromDays)];

    /// <summary>What becomes of times that passed.</summary>
    public CatchUp CatchUp { get; init; }

    /// <summary>How long after its time a run may begin; null for any time.</summary>
    public TimeSpan? MaxLateness { get; init; }

    /// <summary>The first time that is not before another; UTC. Null where there is none any more.</summary>
    internal DateTimeOffset? NextFrom(DateTimeOffset from) => Rules.Select(rule => rule.NextFrom(from, Zone)).Min();

    /// <summary>All times from one on, the earliest first; UTC.</summary>
    public IEnumerable<DateTimeOffset> TimesFrom(DateTimeOffset from)
    {
        for (var next = NextFrom(from); next is { } time; next = NextFrom(time.AddTicks(1)))
            yield return time;
    }

    /// <summary>The latest time of a rule from one time to another, both of them included; null where there is none.</summary>
    internal DateTimeOffset? LatestOf(ScheduleRule rule, DateTimeOffset from, DateTimeOffset until)
    {
        // Cron has no way back: the last days are looked through before the last years.
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
