namespace PrefectPS.Flows;

/// <summary>One rule of a schedule: a series of times. Immutable; rules with equal text in one zone yield the same times.</summary>
/// <param name="Text">The rule as shown and recorded.</param>
public abstract record ScheduleRule(string Text)
{
    /// <summary>First time at or after another; UTC. Null if there is none.</summary>
    /// <param name="from">The other time.</param>
    /// <param name="zone">Time zone of the rule.</param>
    internal abstract DateTimeOffset? NextFrom(DateTimeOffset from, TimeZoneInfo zone);

    /// <inheritdoc/>
    public sealed override string ToString() => Text;
}
