using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>Sends runs on to their next step.</summary>
public static class MessagePublisher
{
    /// <summary>Sends a run on, if there is something left to do. The message that brought it here is completed once that is done.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="run">The run.</param>
    /// <param name="always">Send it in any case.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether it was sent.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.MessageTooLarge"/>, <see cref="FlowErrorId.ChannelFailed"/>, <see cref="FlowErrorId.StoreFailed"/>: it may not have been sent,
    /// and the message that brought it was not completed.
    /// </exception>
    public static async ValueTask<bool> SendAsync(IFlowChannel channel, FlowState run, bool always, CancellationToken cancellationToken)
    {
        var origin = MessageOrigin.Of(run);
        var received = origin?.Message;
        var resent = origin is { IsLate: true } ? new ResentMark(run) : null;
        var isSent = always || (run.HasPending && (resent is null || (MayBeLost(received!, run) && !await resent.IsSetAsync(cancellationToken))));
        if (isSent)
        {
            var message = new ChannelMessage(Encode(run, channel.MaxDocumentBytes)) { Flow = run.Flow.Name, RunId = run.RunId, Step = run.Step, NotBefore = run.NextStartTime };
            await SendAsync(channel, message, run.Flow.Store, cancellationToken);
            if (resent is not null)
                await resent.SetAsync(cancellationToken);
        }

        if (received is { IsSettled: false })
            received.Complete();
        return isSent;
    }

    /// <summary>Sends a run on for a step at once, whatever it waits for: something was asked of it that a step is to find.</summary>
    /// <inheritdoc cref="SendAsync(IFlowChannel, FlowState, bool, CancellationToken)"/>
    public static async ValueTask SendNowAsync(IFlowChannel channel, FlowState run, CancellationToken cancellationToken) => await SendAsync(
        channel, new ChannelMessage(Encode(run, channel.MaxDocumentBytes)) { Flow = run.Flow.Name, RunId = run.RunId, Step = run.Step }, run.Flow.Store, cancellationToken);

    /// <summary>Sends a document on, unless it says that its run is over.</summary>
    /// <inheritdoc cref="SendAsync(IFlowChannel, FlowState, bool, CancellationToken)"/>
    public static async ValueTask<bool> SendAsync(IFlowChannel channel, byte[] document, bool always, CancellationToken cancellationToken)
    {
        var message = MessageIdentity.Identify(document, out var state);
        if (!always && state is { } type && type is not (StateType.Pending or StateType.Scheduled))
            return false;
        await SendAsync(channel, message, store: null, cancellationToken);
        return true;
    }

    // Where a document is too large for the channel its compact form may not be; that goes by slugs, as the flow may change while it is on its way.
    private static byte[] Encode(FlowState run, int maxBytes)
    {
        var document = FlowStateWriter.Write(run);
        if (document.Length <= maxBytes)
            return document;
        var compact = CompactWriter.Write(run, matchBySlug: true);
        return compact.Length <= maxBytes ? compact : document;
    }

    // A document that is too large waits in the store.
    private static async ValueTask SendAsync(IFlowChannel channel, ChannelMessage message, IFlowStore? store, CancellationToken cancellationToken)
    {
        if (store is not null && message.Document.Length > channel.MaxDocumentBytes)
            message = message with { Document = await DocumentReference.PutAsync(store, message, cancellationToken) };
        await channel.SendAsync(message, cancellationToken);
    }

    // A late message is delivered a second time because whoever took the step died before he could complete it, and perhaps before he could send the next.
    // Only the step right before can have been left so: those before it were sent on, or the run would not be where it is.
    private static bool MayBeLost(FlowMessage late, FlowState run) => late.DeliveryCount != 1 && late.Step == run.Step - 1;
}
