using System.Diagnostics;

namespace PrefectPS.Channels;

/// <summary>Polls a channel with increasing pauses.</summary>
internal static class Polling
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Polls until there is a message or the time is over; at least once.</summary>
    /// <param name="ask">Receives without waiting.</param>
    /// <param name="wait">The total time.</param>
    /// <param name="longestPause">The longest pause.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
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
