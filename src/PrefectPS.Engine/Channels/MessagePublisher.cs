using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>Publishes runs for their next step.</summary>
public static class MessagePublisher
{
    /// <summary>Publishes a run if work is left, and then completes the message it was received with.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="run">The run.</param>
    /// <param name="always">Whether to publish even a finished run.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Whether the run was published.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.MessageTooLarge"/>, <see cref="FlowErrorId.ChannelFailed"/>, <see cref="FlowErrorId.StoreFailed"/>: the run may not have been sent,
    /// and the message it was received with is not completed.
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

    /// <summary>Publishes a run for immediate processing, whatever it waits for, because of a control request.</summary>
    /// <inheritdoc cref="SendAsync(IFlowChannel, FlowState, bool, CancellationToken)"/>
    public static async ValueTask SendNowAsync(IFlowChannel channel, FlowState run, CancellationToken cancellationToken) => await SendAsync(
        channel, new ChannelMessage(Encode(run, channel.MaxDocumentBytes)) { Flow = run.Flow.Name, RunId = run.RunId, Step = run.Step }, run.Flow.Store, cancellationToken);

    /// <summary>Publishes a document, unless its run has ended.</summary>
    /// <inheritdoc cref="SendAsync(IFlowChannel, FlowState, bool, CancellationToken)"/>
    public static async ValueTask<bool> SendAsync(IFlowChannel channel, byte[] document, bool always, CancellationToken cancellationToken)
    {
        var message = MessageIdentity.Identify(document, out var state);
        if (!always && state is { } type && type is not (StateType.Pending or StateType.Scheduled))
            return false;
        await SendAsync(channel, message, store: null, cancellationToken);
        return true;
    }

    // The compact form may fit where the full one does not; it includes slugs, as the flow may change in transit.
    private static byte[] Encode(FlowState run, int maxBytes)
    {
        var document = FlowStateWriter.Write(run);
        if (document.Length <= maxBytes)
            return document;
        var compact = CompactWriter.Write(run, matchBySlug: true);
        return compact.Length <= maxBytes ? compact : document;
    }

    // A document too large for the channel goes to the store.
    private static async ValueTask SendAsync(IFlowChannel channel, ChannelMessage message, IFlowStore? store, CancellationToken cancellationToken)
    {
        if (store is not null && message.Document.Length > channel.MaxDocumentBytes)
            message = message with { Document = await DocumentReference.PutAsync(store, message, cancellationToken) };
        await channel.SendAsync(message, cancellationToken);
    }

    // A message may be delivered again because its receiver died after taking the step and perhaps before publishing the next message. Only the previous step's message
    // can be lost so: earlier ones were published, or the run would not have advanced.
    private static bool MayBeLost(FlowMessage late, FlowState run) => late.DeliveryCount != 1 && late.Step == run.Step - 1;
}
