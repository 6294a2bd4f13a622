using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>A clock that waits for nothing: a wait sets it to its end. Otherwise it goes as the system's.</summary>
public sealed class SkippingClock : TimeProvider
{
    private long _skipped; // ticks

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().Plus(TimeSpan.FromTicks(Interlocked.Read(ref _skipped)));

    /// <summary>Waits for so long, at once.</summary>
    public void Sleep(TimeSpan time) => Interlocked.Add(ref _skipped, Math.Max(time.Ticks, 0));
}
