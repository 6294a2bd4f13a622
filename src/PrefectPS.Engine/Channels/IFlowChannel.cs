namespace PrefectPS.Channels;

/// <summary>A channel: carries messages from one step of a run to the next, by a queue, a topic, an endpoint or a folder.</summary>
/// <remarks>
/// <para>Implement it to send runs on by a service that PrefectPS does not know, and give the channel to <c>New-FlowChannel -Provider</c>. The package PrefectPS.Contracts has
/// this contract as tests; docs/providers.md begins there.</para>
/// <para><b>Delivery</b> is at least once: a message is delivered until one of its deliveries is completed. It may come twice, late, and after one that was sent later.</para>
/// <para><b>Concurrency.</b> Several threads and processes send to and receive from a channel at once.</para>
/// <para><b>Connections.</b> The constructor does not connect; the first call does.</para>
/// <para><b>Errors.</b> Faults that pass by themselves are retried for a while (<see cref="Storage.StoreNotices.Retrying"/> tells the user). What remains is thrown as
/// <see cref="ProviderErrors.ChannelFailed"/>, with the operation, without secrets, and with <see cref="Storage.StoreFault.IsTransient"/> true if
/// the same call may succeed later. No call waits for ever.</para>
/// <para><b>Cancellation.</b> A cancelled call throws <see cref="OperationCanceledException"/>. After a call that failed or was cancelled the
/// message may have been sent, completed or put back all the same.</para>
/// </remarks>
public interface IFlowChannel
{
    /// <summary>The name in messages: a folder or an address, without credentials.</summary>
    string Name { get; }

    /// <summary>The size of the largest document that the channel carries, in bytes. A larger one waits in the store of its flow, and the message says where.</summary>
    int MaxDocumentBytes { get; }

    /// <summary>The channel for dead letters, messages that nobody can complete; null if there is none.</summary>
    IFlowChannel? DeadLetters { get; }

    /// <summary>Sends a message.</summary>
    /// <param name="message">
    /// The message. All its properties but <see cref="ChannelMessage.Damage"/> and <see cref="ChannelMessage.IsBareRequest"/> arrive with it. It is not delivered before
    /// <see cref="ChannelMessage.NotBefore"/>. A channel that cannot hold it so long holds it as long as it can, or delivers it at once; the
    /// receiver sees the time and puts it back.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.MessageTooLarge"/> (<see cref="ProviderErrors.MessageTooLarge"/>): the document is larger than the channel carries, and nothing was sent.
    /// <see cref="FlowErrorId.ChannelFailed"/>: it cannot be sent.
    /// </exception>
    ValueTask SendAsync(ChannelMessage message, CancellationToken cancellationToken);

    /// <summary>Receives the next message, and locks it: no other receiver is given it before the lock ends, unless it is put back.</summary>
    /// <param name="lockTime">How long the message stays locked. After that, unless the lock is extended, the message is delivered again.</param>
    /// <param name="wait">How long to wait for a message; zero to take only what is there.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The delivery; null if no message came.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.ChannelFailed"/>: it cannot be received from.
    /// <see cref="FlowErrorId.FlowInvalid"/> (<see cref="ProviderErrors.ChannelInvalid"/>): this kind of channel only sends.
    /// </exception>
    ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken);
}
