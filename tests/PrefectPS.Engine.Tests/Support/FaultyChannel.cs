using PrefectPS.Channels;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A channel one of whose calls fails; calls of its deliveries count, too.</summary>
internal sealed class FaultyChannel(IFlowChannel inner, int at, ChannelFault fault) : IFlowChannel
{
    /// <summary>Number of calls.</summary>
    public int Calls { get; private set; }

    public string Name => inner.Name;

    public int MaxDocumentBytes => inner.MaxDocumentBytes;

    public IFlowChannel? DeadLetters => inner.DeadLetters;

    public async ValueTask SendAsync(ChannelMessage message, CancellationToken cancellationToken) => await CallAsync("send", async () =>
    {
        await inner.SendAsync(message, cancellationToken);
        return true;
    });

    public ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken) => CallAsync("receive", async () =>
        await inner.ReceiveAsync(lockTime, wait, cancellationToken) is { } delivery ? new Delivery(this, delivery) : (IDelivery?)null);

    private async ValueTask<T> CallAsync<T>(string operation, Func<ValueTask<T>> call)
    {
        if (++Calls != at)
            return await call();
        if (fault == ChannelFault.KilledBefore)
            throw new ProcessKilledException();
        if (fault != ChannelFault.Refused)
        {
            var answer = await call();
            if (fault == ChannelFault.Twice)
                return await call() ?? answer;
            if (fault == ChannelFault.KilledAfter)
                throw new ProcessKilledException();
        }

        throw ProviderErrors.ChannelFailed(this, operation, new StoreFault("it was a bad moment", IsTransient: true));
    }

    private sealed class Delivery(FaultyChannel channel, IDelivery inner) : IDelivery
    {
        public ChannelMessage Message => inner.Message;

        public string Id => inner.Id;

        public int? Count => inner.Count;

        public ValueTask<bool> CompleteAsync(CancellationToken cancellationToken) => channel.CallAsync("complete a message", () => inner.CompleteAsync(cancellationToken));

        public ValueTask<bool> AbandonAsync(TimeSpan delay, CancellationToken cancellationToken) =>
            channel.CallAsync("put a message back", () => inner.AbandonAsync(delay, cancellationToken));

        public ValueTask<bool> ExtendAsync(TimeSpan time, CancellationToken cancellationToken) =>
            channel.CallAsync("keep a message", () => inner.ExtendAsync(time, cancellationToken));
    }
}
