namespace PrefectPS.Channels;

/// <summary>Extends the lock of a delivery while it is worked on. What fails is tried again the next time.</summary>
internal sealed class LockKeeper : IDisposable
{
    private readonly IDelivery _delivery;
    private readonly TimeSpan _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Timer _timer;
    private int _isBusy;

    public LockKeeper(IDelivery delivery, TimeSpan time)
    {
        (_delivery, _time) = (delivery, time);
        var pause = TimeSpan.FromTicks(time.Ticks / 3);
        _timer = new(_ => _ = ExtendAsync(), state: null, pause, pause);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task ExtendAsync()
    {
        if (Interlocked.Exchange(ref _isBusy, 1) == 1)
            return;
        try
        {
            await _delivery.ExtendAsync(_time, _stop.Token);
        }
        catch (Exception e) when (e is FlowException or OperationCanceledException or ObjectDisposedException)
        {
            // The lock has two more such times left.
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }
}
