using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>The time of a step that is only planned: it stands still but for the bodies that would run, each as long as is expected.</summary>
internal sealed class PlanClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _now;

    /// <summary>So much time passes.</summary>
    public void Advance(TimeSpan time) => _now = _now.Plus(time);
}
