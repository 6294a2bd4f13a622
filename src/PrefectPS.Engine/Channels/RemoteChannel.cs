using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>What the channels behind a network have in common: size limits, time limits, one error for each fault.</summary>
/// <param name="name">The channel's address without credentials.</param>
/// <param name="maxDocumentBytes">The largest document that it carries.</param>
/// <param name="retry">How patient it is.</param>
public abstract class RemoteChannel(string name, int maxDocumentBytes, StoreRetry retry) : IFlowChannel
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int MaxDocumentBytes => maxDocumentBytes;

    /// <inheritdoc/>
    public abstract IFlowChannel? DeadLetters { get; }

    /// <summary>How patient it is.</summary>
    protected StoreRetry Retry => retry;

    /// <inheritdoc/>
    public async ValueTask SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        if (message.Document.Length > MaxDocumentBytes)
            throw FlowErrors.MessageTooLarge(this, message.Document.Length);
        await CallAsync("send", retry.TotalTime, async stop =>
        {
            await PutAsync(message, stop);
            return true;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public abstract ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Makes a call that ends in time, and whose faults are the channel's errors.</summary>
    /// <param name="operation">What the channel does, for the error.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<T> CallAsync<T>(string operation, TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RemoteCall.MakeAsync(call, limit, Explain, fault => FlowErrors.ChannelFailed(this, operation, fault), cancellationToken);

    /// <summary>Sends a message that is not too large.</summary>
    protected abstract Task PutAsync(ChannelMessage message, CancellationToken cancellationToken);

    /// <summary>What an exception of the service's client means, in words that hold no secret; null where it means nothing.</summary>
    protected abstract StoreFault? Explain(Exception e);
}
