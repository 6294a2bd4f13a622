using Azure.Storage.Queues.Models;
using PrefectPS.Channels;

namespace PrefectPS.Azure.Channels;

/// <summary>A delivery from a queue, valid while its pop receipt is the latest.</summary>
internal sealed class QueueDelivery(QueueChannel channel, QueueMessage received) : IDelivery, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private string _receipt = received.PopReceipt;

    public ChannelMessage Message { get; } = MessageText.Read(received.Body.ToArray());

    public string Id => received.MessageId;

    public int? Count => (int)received.DequeueCount;

    public ValueTask<bool> CompleteAsync(CancellationToken cancellationToken) => ChangeAsync(() =>
        channel.ChangeAsync("complete a message", (queue, stop) => queue.DeleteMessageAsync(received.MessageId, _receipt, stop), cancellationToken), cancellationToken);

    public ValueTask<bool> AbandonAsync(TimeSpan delay, CancellationToken cancellationToken) => HideAsync("put a message back", delay, cancellationToken);

    public ValueTask<bool> ExtendAsync(TimeSpan time, CancellationToken cancellationToken) => HideAsync("keep a message", time, cancellationToken);

    public void Dispose() => _gate.Dispose();

    private ValueTask<bool> HideAsync(string operation, TimeSpan time, CancellationToken cancellationToken) => ChangeAsync(() => channel.ChangeAsync(
        operation,
        async (queue, stop) =>
        {
            var hidden = time < QueueChannel.LongestDelay ? time : QueueChannel.LongestDelay;
            UpdateReceipt changed = await queue.UpdateMessageAsync(received.MessageId, _receipt, visibilityTimeout: hidden, cancellationToken: stop);
            _receipt = changed.PopReceipt;
        },
        cancellationToken), cancellationToken);

    // Serialized: each change returns a new receipt, which the next one needs.
    private async ValueTask<bool> ChangeAsync(Func<ValueTask<bool>> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await change();
        }
        finally
        {
            _gate.Release();
        }
    }
}
