using PrefectPS.Channels;
using static PrefectPS.Google.Channels.PubSubMessages;

namespace PrefectPS.Google.Channels;

/// <summary>A delivery by a subscription. Pub/Sub does not tell whether it was still ours when something is said of it.</summary>
internal sealed class PubSubDelivery(PubSubChannel channel, ReceivedMessage received) : IDelivery
{
    public ChannelMessage Message { get; } = PubSubEnvelope.Read(received.Message);

    public string Id => received.Message.MessageId ?? received.AckId;

    // A message for later is put back at least once for each of the longest times that it has to wait.
    public int? Count => received.DeliveryAttempt is { } attempt ? Math.Max(1, attempt - PutBack()) : null;

    public async ValueTask<bool> CompleteAsync(CancellationToken cancellationToken)
    {
        await channel.AcknowledgeAsync(received.AckId, cancellationToken);
        return true;
    }

    public ValueTask<bool> AbandonAsync(TimeSpan delay, CancellationToken cancellationToken) => ExtendAsync(delay, cancellationToken);

    // Without being acknowledged until the deadline, a message is delivered again: to keep it and to put it back for a time are the same.
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
