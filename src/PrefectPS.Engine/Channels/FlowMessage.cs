using System.Text;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>A message that was received. It is nobody else's until its lock ends, and is delivered again unless it is completed.</summary>
public sealed class FlowMessage
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    private readonly IFlowChannel _channel;
    private readonly IDelivery _delivery;
    private readonly ReceiveOptions _options;

    internal FlowMessage(IFlowChannel channel, IDelivery delivery, ReceiveOptions options) => (_channel, _delivery, _options) = (channel, delivery, options);

    /// <summary>The channel that it came by.</summary>
    public string Channel => _channel.Name;

    /// <summary>The channel's own id of it, the same in all its deliveries.</summary>
    public string Id => _delivery.Id;

    /// <summary>The name of the flow; null where its sender did not say.</summary>
    public string? Flow => Content.Flow;

    /// <summary>The id of the run; null where its sender did not say.</summary>
    public string? RunId => Content.RunId;

    /// <summary>The number of the step that sent it; null where its sender did not say.</summary>
    public int? Step => Content.Step;

    /// <summary>Which delivery of the message this is, from 1; null where the channel does not count them.</summary>
    public int? DeliveryCount => _delivery.Count;

    /// <summary>Why it was set aside, for one from such a place; else null.</summary>
    public string? Reason => Content.Reason;

    /// <summary>Its text: a state document.</summary>
    public string Document => Encoding.UTF8.GetString(Content.Document);

    /// <summary>Whether it was completed, put back or set aside.</summary>
    public bool IsSettled { get; private set; }

    internal ChannelMessage Content => _delivery.Message;

    /// <summary>Whether nobody will ever be able to do what it asks for.</summary>
    internal bool IsRefused { get; private set; }

    private IFlowChannel? DeadLetters => _options.DeadLetters ?? _channel.DeadLetters;

    /// <summary>Ends it: it is not delivered again.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: it will be delivered again.</exception>
    public void Complete() => Settle(_delivery.CompleteAsync(CancellationToken.None));

    /// <summary>Puts it back, to be delivered again at once.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: it will be delivered again when its lock ends.</exception>
    public void Abandon() => Abandon(TimeSpan.Zero);

    /// <summary>Puts it back, to be delivered again once a time has passed.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: it will be delivered again when its lock ends.</exception>
    public void Abandon(TimeSpan delay) => Settle(_delivery.AbandonAsync(delay, CancellationToken.None));

    /// <summary>Keeps it for a time from now on.</summary>
    /// <returns>False where it is no longer ours.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>.</exception>
    public bool Extend(TimeSpan time) => _delivery.ExtendAsync(time, CancellationToken.None).Wait();

    /// <summary>Sets it aside in the place for messages that nobody could complete, and ends it.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: it will be delivered again.</exception>
    public void SetAside(string reason) => SetAsideAsync(reason, CancellationToken.None).Wait();

    /// <summary>The flow, the run and the step.</summary>
    public override string ToString() => RunId is null ? Id : $"{Flow}, run {RunId}, step {Step}";

    internal async ValueTask SetAsideAsync(string reason, CancellationToken cancellationToken)
    {
        if (DeadLetters is not { } place)
            throw ProviderErrors.ChannelInvalid(_channel.Name, "it has no place for messages that nobody could complete; name one with -DeadLetter");
        await place.SendAsync(Content with { Reason = reason, NotBefore = null }, cancellationToken);
        await _delivery.CompleteAsync(cancellationToken);
        IsSettled = true;
    }

    /// <summary>Extends its lock again and again, until it is disposed of.</summary>
    internal IDisposable KeepLocked() => new LockKeeper(_delivery, _options.LockTime);

    /// <summary>Says that nobody will ever be able to do what it asks for: where it fails now, it does not come again.</summary>
    internal void Refuse() => IsRefused = true;

    /// <summary>
    /// Tells the channel that what came of it failed: it comes again after a while, or is set aside if this was its last try or it is refused. Who waits
    /// for an answer is told so where there is no place to set it aside.
    /// </summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="mayPass">Whether that may pass by itself, however often it is tried.</param>
    internal void Fail(Exception error, bool mayPass)
    {
        if (IsSettled)
            return;
        try
        {
            if (IsRefused && DeadLetters is null && _delivery is IRefusableDelivery waiting)
            {
                waiting.Refuse();
                IsSettled = true;
            }
            else if (IsRefused || (!mayPass && DeliveryCount >= _options.MaxDeliveries))
            {
                SetAside(error.Message);
            }
            else
            {
                Abandon(DelayAfter(DeliveryCount ?? 1));
            }
        }
        catch (FlowException)
        {
            TryAbandon();
        }
    }

    private void TryAbandon()
    {
        try
        {
            Abandon(DelayAfter(DeliveryCount ?? 1));
        }
        catch (FlowException)
        {
            // Its lock ends by itself; what matters is the error that brought us here.
        }
    }

    private static TimeSpan DelayAfter(int count)
    {
        var delay = TimeSpan.FromTicks(FirstDelay.Ticks << Math.Min(count - 1, 10));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    private void Settle(ValueTask<bool> operation)
    {
        operation.Wait();
        IsSettled = true;
    }
}
