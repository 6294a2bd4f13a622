namespace PrefectPS.Flows;

/// <summary>One rule of a schedule: a series of times. Immutable; two rules of one text, in one time zone, have the same times.</summary>
/// <param name="Text">The rule as it is shown and kept on record.</param>
public abstract record ScheduleRule(string Text)
{
    /// <summary>The first of its times that is not before another; in UTC. Null where there is none any more.</summary>
    /// <param name="from">The other time.</param>
    /// <param name="zone">The time zone that it is meant in.</param>
    internal abstract DateTimeOffset? NextFrom(DateTimeOffset from, TimeZoneInfo zone);

    /// <inheritdoc/>
    public sealed override string ToString() => Text;
}
