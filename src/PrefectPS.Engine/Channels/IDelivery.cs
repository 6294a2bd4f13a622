namespace PrefectPS.Channels;

/// <summary>One delivery of a message, which is nobody else's until its lock ends. Safe for use by several threads at once.</summary>
/// <remarks>
/// A delivery whose lock has ended may be someone else's by then. To complete, put back or extend it is no error: it changes nothing for the other
/// one, and the message is delivered until someone completes it in time.
/// </remarks>
public interface IDelivery
{
    /// <summary>The message.</summary>
    ChannelMessage Message { get; }

    /// <summary>The channel's own id of the message, which is the same in all deliveries of it.</summary>
    string Id { get; }

    /// <summary>Which delivery of the message this is, from 1; null where the channel does not count them.</summary>
    int? Count { get; }

    /// <summary>Ends the message: it is not delivered again.</summary>
    /// <returns>Whether the message was still this delivery's, as far as the channel can tell.</returns>
    ValueTask<bool> CompleteAsync(CancellationToken cancellationToken);

    /// <summary>Puts the message back: it is delivered again once a time has passed.</summary>
    /// <param name="delay">The time; a channel that cannot hold it for so long holds it for as long as it can.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether the message was still this delivery's, as far as the channel can tell.</returns>
    ValueTask<bool> AbandonAsync(TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Keeps the message for a time from now on, however much was left before.</summary>
    /// <returns>Whether the message was still this delivery's, as far as the channel can tell.</returns>
    ValueTask<bool> ExtendAsync(TimeSpan time, CancellationToken cancellationToken);
}
