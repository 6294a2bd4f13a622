using System.Diagnostics;

namespace PrefectPS.Channels;

/// <summary>How a channel that can only be asked is waited for: often at first, then less and less.</summary>
public static class Polling
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks until there is a message or the time is over; once at least.</summary>
    /// <param name="ask">Asks the channel.</param>
    /// <param name="wait">How long.</param>
    /// <param name="longestPause">The longest time between two questions.</param>
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
