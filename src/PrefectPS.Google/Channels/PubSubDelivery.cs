using PrefectPS.Channels;
using static PrefectPS.Google.Channels.PubSubMessages;

namespace PrefectPS.Google.Channels;

/// <summary>A delivery from a subscription. Pub/Sub does not report a lost lease.</summary>
internal sealed class PubSubDelivery(PubSubChannel channel, ReceivedMessage received) : IDelivery
{
    public ChannelMessage Message { get; } = PubSubEnvelope.Read(received.Message);

    public string Id => received.Message.MessageId ?? received.AckId;

    // A message not yet due is deferred at least once per longest deadline until then.
    public int? Count => received.DeliveryAttempt is { } attempt ? Math.Max(1, attempt - PutBack()) : null;

    public async ValueTask<bool> CompleteAsync(CancellationToken cancellationToken)
    {
        await channel.AcknowledgeAsync(received.AckId, cancellationToken);
        return true;
    }

    public ValueTask<bool> AbandonAsync(TimeSpan delay, CancellationToken cancellationToken) => ExtendAsync(delay, cancellationToken);

    // An unacknowledged message is redelivered at its deadline, so extending and deferring are the same.
    public async ValueTask<bool> ExtendAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        await channel.ModifyAckDeadlineAsync(received.AckId, time, cancellationToken);
        return true;
    }

    private int PutBack() =>
        Message.NotBefore is { } due && MessageAttributes.TimeOf(received.Message.PublishTime) is { } published && due > published
            ? (int)Math.Ceiling((due - published).TotalSeconds / PubSubChannel.LongestLock.TotalSeconds)
            : 0;
}
