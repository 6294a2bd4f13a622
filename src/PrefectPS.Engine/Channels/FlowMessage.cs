using System.Text;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>A received message, locked for this receiver; it is delivered again unless completed before its lock ends.</summary>
public sealed class FlowMessage
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    private readonly IFlowChannel _channel;
    private readonly IDelivery _delivery;
    private readonly ReceiveOptions _options;

    internal FlowMessage(IFlowChannel channel, IDelivery delivery, ReceiveOptions options) => (_channel, _delivery, _options) = (channel, delivery, options);

    /// <summary>The channel it came from.</summary>
    public string Channel => _channel.Name;

    /// <summary>The message id in the channel, the same in all deliveries.</summary>
    public string Id => _delivery.Id;

    /// <summary>The name of the flow; null where unspecified.</summary>
    public string? Flow => Content.Flow;

    /// <summary>The id of the run; null where unspecified.</summary>
    public string? RunId => Content.RunId;

    /// <summary>The number of the step that sent it; null where unspecified.</summary>
    public int? Step => Content.Step;

    /// <summary>Which delivery of the message this is, from 1; null where the channel does not count them.</summary>
    public int? DeliveryCount => _delivery.Count;

    /// <summary>The dead-letter reason, for a message from a dead-letter channel.</summary>
    public string? Reason => Content.Reason;

    /// <summary>The state document as text.</summary>
    public string Document => Encoding.UTF8.GetString(Content.Document);

    /// <summary>True if it was completed, abandoned or dead-lettered.</summary>
    public bool IsSettled { get; private set; }

    internal ChannelMessage Content => _delivery.Message;

    /// <summary>True if no receiver can ever process it.</summary>
    internal bool IsRefused { get; private set; }

    private IFlowChannel? DeadLetters => _options.DeadLetters ?? _channel.DeadLetters;

    /// <summary>Completes the message: it is not delivered again.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: it will be delivered again.</exception>
    public void Complete() => Settle(_delivery.CompleteAsync(CancellationToken.None));

    /// <summary>Releases the message for immediate redelivery.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: it will be delivered again when its lock ends.</exception>
    public void Abandon() => Abandon(TimeSpan.Zero);

    /// <summary>Releases the message for redelivery after a delay.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: it will be delivered again when its lock ends.</exception>
    public void Abandon(TimeSpan delay) => Settle(_delivery.AbandonAsync(delay, CancellationToken.None));

    /// <summary>Extends the lock, counted from now.</summary>
    /// <returns>False where the lock was lost.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>.</exception>
    public bool Extend(TimeSpan time) => _delivery.ExtendAsync(time, CancellationToken.None).Wait();

    /// <summary>Dead-letters the message.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: it will be delivered again.</exception>
    public void SetAside(string reason) => SetAsideAsync(reason, CancellationToken.None).Wait();

    /// <summary>The flow, run and step.</summary>
    public override string ToString() => RunId is null ? Id : $"{Flow}, run {RunId}, step {Step}";

    internal async ValueTask SetAsideAsync(string reason, CancellationToken cancellationToken)
    {
        if (DeadLetters is not { } place)
            throw ProviderErrors.ChannelInvalid(_channel.Name, "it has no place for messages that nobody could complete; name one with -DeadLetter");
        await place.SendAsync(Content with { Reason = reason, NotBefore = null }, cancellationToken);
        await _delivery.CompleteAsync(cancellationToken);
        IsSettled = true;
    }

    /// <summary>Renews the lock until disposed.</summary>
    internal IDisposable RenewLock() => new LockRenewer(_delivery, _options.LockTime);

    /// <summary>Marks the message as poison: if it fails, it is dead-lettered at once.</summary>
    internal void Refuse() => IsRefused = true;

    /// <summary>
    /// Fails the message: it is retried after a delay, or dead-lettered if this was its last delivery or it is poison. A waiting sender is told where there is no
    /// dead-letter channel.
    /// </summary>
    /// <param name="error">The failure.</param>
    /// <param name="mayPass">Whether the failure is transient and so never exhausts the deliveries.</param>
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
            // The lock expires by itself; the original error matters more.
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
