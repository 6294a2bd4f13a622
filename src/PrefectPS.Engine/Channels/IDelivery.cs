namespace PrefectPS.Channels;

/// <summary>One delivery of a message, which is locked for its receiver. Several threads use it at once: one works on the message, another extends the lock.</summary>
/// <remarks>
/// Once the lock has ended, another receiver may have the message. A late call is no error: it leaves that receiver's delivery as it is and returns false, if the channel can tell.
/// The errors of all calls are <see cref="FlowErrorId.ChannelFailed"/>.
/// </remarks>
public interface IDelivery
{
    /// <summary>The message.</summary>
    ChannelMessage Message { get; }

    /// <summary>The channel's id of the message, the same in all its deliveries.</summary>
    string Id { get; }

    /// <summary>The number of this delivery of the message, from 1; null if the channel does not count them.</summary>
    int? Count { get; }

    /// <summary>Completes the message: it is not delivered again.</summary>
    /// <returns>False if the channel can tell that the lock had ended.</returns>
    ValueTask<bool> CompleteAsync(CancellationToken cancellationToken);

    /// <summary>Puts the message back, to be delivered again after a delay.</summary>
    /// <param name="delay">The delay. A channel that cannot hold the message so long holds it as long as it can.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False if the channel can tell that the lock had ended.</returns>
    ValueTask<bool> AbandonAsync(TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Makes the lock end after a time from now, however much of it was left.</summary>
    /// <returns>False if the channel can tell that the lock had ended.</returns>
    ValueTask<bool> ExtendAsync(TimeSpan time, CancellationToken cancellationToken);
}
