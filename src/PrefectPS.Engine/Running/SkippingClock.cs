using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>A clock that never waits: a sleep advances it at once. Otherwise it follows the system clock.</summary>
public sealed class SkippingClock : TimeProvider
{
    private long _skipped; // ticks

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().Plus(TimeSpan.FromTicks(Interlocked.Read(ref _skipped)));

    /// <summary>Advances the clock by a duration.</summary>
    public void Sleep(TimeSpan time) => Interlocked.Add(ref _skipped, Math.Max(time.Ticks, 0));
}
