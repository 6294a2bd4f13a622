using System.Diagnostics;

namespace PrefectPS.Channels;

/// <summary>Waits for a message of a channel that has to be asked for one, with pauses that grow.</summary>
public static class Polling
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks until there is a message or the time is over, at least once.</summary>
    /// <param name="ask">Takes a message that is there; null for none.</param>
    /// <param name="wait">How long to wait.</param>
    /// <param name="longestPause">The longest pause between two questions; the first is 10 ms.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async ValueTask<IDelivery?> AskAsync(
        Func<CancellationToken, ValueTask<IDelivery?>> ask, TimeSpan wait, TimeSpan longestPause, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        for (var pause = FirstPause; ; pause = Shorter(pause + pause, longestPause))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await ask(cancellationToken) is { } delivery)
                return delivery;
            var left = wait - waited.Elapsed;
            if (left <= TimeSpan.Zero)
                return null;
            await Task.Delay(Shorter(pause, left), cancellationToken);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
