namespace PrefectPS.Channels;

/// <summary>Renews a delivery's lock periodically; a failed renewal is retried the next time.</summary>
internal sealed class LockRenewer : IDisposable
{
    private readonly IDelivery _delivery;
    private readonly TimeSpan _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Timer _timer;
    private int _isBusy;

    public LockRenewer(IDelivery delivery, TimeSpan time)
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
            // Two more renewals are due before the lock ends.
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }
}
