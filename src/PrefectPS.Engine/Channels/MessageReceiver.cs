using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Channels;

/// <summary>Receives the messages that there is something to do with: not those whose time has not come, nor those that nobody could complete.</summary>
internal static class MessageReceiver
{
    /// <summary>Takes the next message.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="options">How.</param>
    /// <param name="wait">How long to wait for one; zero to take only what is there.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The message; null where none came.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/> or <see cref="FlowErrorId.FlowInvalid"/>.</exception>
    public static async ValueTask<FlowMessage?> ReceiveAsync(
        IFlowChannel channel, ReceiveOptions options, TimeSpan wait, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (var until = clock.GetUtcNow().Plus(wait); ;)
        {
            var left = until - clock.GetUtcNow();
            if (await channel.ReceiveAsync(options.LockTime, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken) is not { } delivery)
                return null;
            var message = new FlowMessage(channel, delivery, options);
            if (delivery.Message.NotBefore is { } due && due > clock.GetUtcNow())
                await delivery.AbandonAsync(due - clock.GetUtcNow(), cancellationToken);
            else if (delivery.Count > options.MaxDeliveries)
                await message.SetAsideAsync(ReasonOf(delivery.Count.Value - 1), cancellationToken);
            else
                return message;
        }
    }

    private static string ReasonOf(int count) =>
        string.Format(CultureInfo.InvariantCulture, "It was delivered {0} times and never completed.", count);
}
