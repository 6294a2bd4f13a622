using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>The base of channels over a network: size limit, timeouts, error mapping.</summary>
/// <param name="name">The channel's address without credentials.</param>
/// <param name="maxDocumentBytes">The largest document it carries.</param>
/// <param name="retry">The retry settings.</param>
internal abstract class RemoteChannel(string name, int maxDocumentBytes, StoreRetry retry) : IFlowChannel
{
    public string Name => name;

    public int MaxDocumentBytes => maxDocumentBytes;

    public abstract IFlowChannel? DeadLetters { get; }

    /// <summary>The retry settings.</summary>
    protected StoreRetry Retry => retry;

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

    public abstract ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Calls the service with a timeout, mapping faults to channel errors.</summary>
    /// <param name="operation">The operation, for the error.</param>
    /// <param name="limit">The timeout.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<T> CallAsync<T>(string operation, TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RemoteCall.MakeAsync(call, limit, Explain, fault => FlowErrors.ChannelFailed(this, operation, fault), cancellationToken);

    /// <summary>Sends a message within the size limit.</summary>
    protected abstract Task PutAsync(ChannelMessage message, CancellationToken cancellationToken);

    /// <summary>Maps an exception of the service's client to a fault without secrets; null for an unknown one.</summary>
    protected abstract StoreFault? Explain(Exception e);
}
