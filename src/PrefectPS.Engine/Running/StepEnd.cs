namespace PrefectPS.Running;

/// <summary>Cancels a token when a step's time is over or it is stopped.</summary>
public sealed class StepEnd : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1); // system timers are limited to 49 days
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1); // timers may fire up to this early

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

    /// <summary>Cancelled when the step is over; usable after disposal.</summary>
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

    /// <summary>Cancels a source that bodies may observe; exceptions of their callbacks are ignored.</summary>
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
