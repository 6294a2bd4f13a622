using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>The base of channels behind a network: it checks sizes, limits the time of calls and turns exceptions of the client into the errors of the contract.</summary>
/// <param name="name">The address without credentials.</param>
/// <param name="maxDocumentBytes">The size of the largest document that it carries.</param>
/// <param name="retry">The time limits.</param>
public abstract class RemoteChannel(string name, int maxDocumentBytes, StoreRetry retry) : IFlowChannel
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int MaxDocumentBytes => maxDocumentBytes;

    /// <inheritdoc/>
    public abstract IFlowChannel? DeadLetters { get; }

    /// <summary>The time limits.</summary>
    protected StoreRetry Retry => retry;

    /// <inheritdoc/>
    public async ValueTask SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        if (message.Document.Length > MaxDocumentBytes)
            throw ProviderErrors.MessageTooLarge(this, message.Document.Length);
        await CallAsync("send", retry.TotalTime, async stop =>
        {
            await PutAsync(message, stop);
            return true;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public abstract ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Makes a call with a time limit, and turns its exceptions into <see cref="FlowErrorId.ChannelFailed"/>.</summary>
    /// <param name="operation">The operation, for the error: a verb.</param>
    /// <param name="limit">The time limit.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<T> CallAsync<T>(string operation, TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RemoteCall.MakeAsync(call, limit, Explain, fault => ProviderErrors.ChannelFailed(this, operation, fault), cancellationToken);

    /// <summary>Sends a message within the size limit.</summary>
    protected abstract Task PutAsync(ChannelMessage message, CancellationToken cancellationToken);

    /// <summary>Says what an exception of the client means, without secrets; null if the exception is not the client's.</summary>
    protected abstract StoreFault? Explain(Exception e);
}
