using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Channels;

/// <summary>Receives messages that are due, dead-lettering those with too many deliveries.</summary>
public static class MessageReceiver
{
    /// <summary>Receives the next message.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="options">The lock and delivery limits.</param>
    /// <param name="wait">How long to wait for a message; zero to poll once.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The message; null for none.</returns>
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
