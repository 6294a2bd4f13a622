namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Clock of a process: simulated time, and timers that fire on the scheduler's decision.</summary>
internal sealed class SimulatedClock(SimulatedWorld world) : TimeProvider
{
    private readonly List<Timer> _timers = [];

    /// <summary>True if a timer is due.</summary>
    public bool IsDue => _timers.Exists(timer => timer.Due <= world.Now);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => world.Now;

    public override long GetTimestamp() => world.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, world, () => callback(state));
        timer.Change(dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Fires due timers on this thread; a timer that missed several periods fires once.</summary>
    public void Fire()
    {
        foreach (var timer in _timers.Where(timer => timer.Due <= world.Now).ToArray())
            timer.Fire();
    }

    private sealed class Timer(SimulatedClock clock, SimulatedWorld world, Action callback) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; } = DateTimeOffset.MaxValue;

        public void Fire()
        {
            Due = _period == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : world.Now + _period;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Due = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : world.Now + dueTime;
            return true;
        }

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
