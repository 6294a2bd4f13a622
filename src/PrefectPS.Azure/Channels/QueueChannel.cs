using Azure;
using Azure.Core;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using PrefectPS.Channels;
using PrefectPS.Storage;

namespace PrefectPS.Azure.Channels;

/// <summary>An Azure Storage queue. A message is the document in Base64, as Azure Functions triggers expect; a dead letter has a line of metadata before it.</summary>
/// <remarks>A message not yet due is invisible until then, at most seven days; a step that receives it early finds nothing to do and sends it again.</remarks>
public sealed class QueueChannel : RemoteChannel
{
    /// <summary>The longest invisibility.</summary>
    internal static readonly TimeSpan LongestDelay = TimeSpan.FromDays(7);

    // 64 KiB in Base64, with room for the metadata.
    private const int MaxBytes = 47 * 1024;

    // The name that Azure Functions gives poison queues.
    private const string DeadSuffix = "-poison";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // The default time to live is seven days; messages must not expire.
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    private readonly QueueAddress _address;
    private readonly ChannelOptions _options;
    private readonly QueueClient _queue;

    private QueueChannel(QueueAddress address, ChannelOptions options)
        : base(address.ToString(), MaxBytes, options.Retry)
    {
        (_address, _options) = (address, options);
        _queue = QueueAccess.Connect(address, options, new QueueClientOptions
        {
            MessageEncoding = QueueMessageEncoding.Base64,
            Retry = { Mode = RetryMode.Exponential, MaxRetries = options.Retry.Tries - 1, Delay = options.Retry.FirstDelay, MaxDelay = options.Retry.MaxDelay,
                NetworkTimeout = options.Retry.TryTime },
            Diagnostics = { IsTelemetryEnabled = false },
        });
    }

    /// <summary>The queue named like this one with <c>-poison</c>; it is created with the first dead letter.</summary>
    public override IFlowChannel DeadLetters => new QueueChannel(_address with { Queue = _address.Queue + DeadSuffix }, _options) { CreatesQueue = true };

    private bool CreatesQueue { get; init; }

    /// <summary>Creates a channel; sends no request.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address or the credentials are invalid.</exception>
    public static QueueChannel Open(ChannelOptions options) => new(QueueAddress.Parse(options.Address), options);

    /// <inheritdoc/>
    public override ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken) =>
        Polling.AskAsync(async stop => await TakeAsync(lockTime, stop), wait, LongestPause, cancellationToken);

    /// <summary>Changes a delivery's message.</summary>
    /// <returns>False where the lock was lost.</returns>
    internal async ValueTask<bool> ChangeAsync(string operation, Func<QueueClient, CancellationToken, Task> change, CancellationToken cancellationToken) =>
        await CallAsync(operation, Retry.TotalTime, async stop =>
        {
            try
            {
                await change(_queue, stop);
                return true;
            }
            catch (RequestFailedException e) when (QueueFaults.IsLost(e))
            {
                return false;
            }
        }, cancellationToken);

    /// <inheritdoc/>
    protected override async Task PutAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        var delay = message.NotBefore is { } time && time > DateTimeOffset.UtcNow ? Shorter(time - DateTimeOffset.UtcNow, LongestDelay) : TimeSpan.Zero;
        var body = new BinaryData(MessageText.WriteShort(message));
        try
        {
            await _queue.SendMessageAsync(body, delay, Forever, cancellationToken);
        }
        catch (RequestFailedException e) when (CreatesQueue && e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await _queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await _queue.SendMessageAsync(body, delay, Forever, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override StoreFault? Explain(Exception e) => QueueFaults.Explain(e, _address);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task<IDelivery?> TakeAsync(TimeSpan lockTime, CancellationToken cancellationToken)
    {
        QueueMessage? message = await CallAsync<Response<QueueMessage>>(
            "receive", Retry.TotalTime, stop => _queue.ReceiveMessageAsync(lockTime, stop), cancellationToken);
        return message is null ? null : new QueueDelivery(this, message);
    }
}
