namespace PrefectPS.Channels;

/// <summary>What carries messages from one step to the next. Safe for use by several threads and processes at once.</summary>
/// <remarks>
/// <para>A message that was sent is delivered at least once, and again until a delivery of it is completed. It may come twice, late, and after one
/// that was sent later.</para>
/// <para>A channel connects when it is first used, not when it is made. It tries again after faults that pass by themselves, for a while;
/// what is wrong then is <see cref="FlowErrorId.ChannelFailed"/>, with the channel and the operation, and no secret in it.
/// <see cref="FlowException.IsTransient"/> says whether the same call may succeed later. No call waits for ever.</para>
/// <para>After a call that failed or was cancelled the message may have been sent, completed or put back all the same.</para>
/// </remarks>
public interface IFlowChannel
{
    /// <summary>What it is called in messages: its folder or address, without credentials.</summary>
    string Name { get; }

    /// <summary>The largest document that it carries, in bytes.</summary>
    int MaxDocumentBytes { get; }

    /// <summary>Where messages go that no one can complete; null where the channel has no such place.</summary>
    IFlowChannel? DeadLetters { get; }

    /// <summary>Sends a message.</summary>
    /// <param name="message">
    /// The message. It is not delivered before its time. A channel that cannot hold it for so long holds it for as long as it can, or delivers it at once;
    /// the receiver sees its time, and puts it back.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.MessageTooLarge"/>: the document is larger than the channel carries, and nothing was sent.
    /// <see cref="FlowErrorId.ChannelFailed"/>: it cannot be sent.
    /// </exception>
    ValueTask SendAsync(ChannelMessage message, CancellationToken cancellationToken);

    /// <summary>Takes the next message. Nobody else is given it for a while, unless it is put back.</summary>
    /// <param name="lockTime">How long the message is nobody else's. After that, unless it is extended, it is delivered again.</param>
    /// <param name="wait">How long to wait for one; zero to take only what is there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The delivery; null where no message came.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.ChannelFailed"/>: it cannot be received from. <see cref="FlowErrorId.FlowInvalid"/>: this kind of channel only sends.
    /// </exception>
    ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken);
}
