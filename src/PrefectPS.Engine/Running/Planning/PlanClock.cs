using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Clock of a planned step: advances only by the expected durations of bodies.</summary>
internal sealed class PlanClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _now;

    /// <summary>Advances the clock.</summary>
    public void Advance(TimeSpan time) => _now = _now.Plus(time);
}
