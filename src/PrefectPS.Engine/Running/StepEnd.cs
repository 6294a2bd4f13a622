namespace PrefectPS.Running;

/// <summary>Says when a step is over: its time is, or it is being stopped from outside.</summary>
public sealed class StepEnd : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1); // the system's own end at 49 days
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1); // below it timers end too early

    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _deadline;
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;

    internal StepEnd(TimeProvider clock, DateTimeOffset deadline, CancellationToken stop)
    {
        _clock = clock;
        _deadline = deadline;
        _source = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Token = _source.Token;
        _timer = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
    }

    /// <summary>Cancelled when the step is over; there also for who asks after that.</summary>
    internal CancellationToken Token { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private void Look()
    {
        var left = _deadline - _clock.GetUtcNow();
        if (left > TimeSpan.Zero)
            _timer.Change((left < LongestTimer ? left : LongestTimer) + Tick, Timeout.InfiniteTimeSpan);
        else
            Cancel(_source);
    }

    /// <summary>Cancels what bodies may look at. What they have registered there, and what that throws, is their own affair.</summary>
    public static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (Exception e) when (e is AggregateException or ObjectDisposedException)
        {
        }
    }
}
