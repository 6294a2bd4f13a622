using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>Decodes messages to runs.</summary>
public static class MessageDecoder
{
    /// <summary>
    /// Decodes a message. White space, or a request without a body, starts a run, the same one at each redelivery. A message that cannot be read, has no length, or names
    /// a run but has no document is poison.
    /// </summary>
    /// <param name="flow">The flow.</param>
    /// <param name="message">The message, to be completed once the run is sent on.</param>
    /// <param name="options">The options; their parameters also apply to a new run.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StateInvalid"/>: the document is malformed or of another flow. See also <see cref="DocumentReference.ResolveAsync"/>.
    /// </exception>
    public static DecodedState Decode(
        Flow flow, FlowMessage message, ReadingOptions options, CancellationToken cancellationToken)
    {
        if (message.Flow is { } name && !string.Equals(name, flow.Name, StringComparison.Ordinal))
            throw FlowErrors.MessageOfOtherFlow(message, flow);
        if (FindLate(flow, message) is { } late)
            return new(late, []);
        try
        {
            if (message.Content.Damage is { } damage)
                throw FlowErrors.MessageIncomplete(message, damage);
            var decoded = Decode(flow, message.Content.Document, options, message, cancellationToken);
            return decoded with { Run = decoded.Run.From(new MessageOrigin(message)) };
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateTampered || (e.Id == FlowErrorId.StateInvalid && DocumentReference.TryRead(message.Content.Document) is null))
        {
            message.Refuse();
            throw;
        }
    }

    /// <summary>Decodes a document in any envelope; an empty one starts a run.</summary>
    /// <inheritdoc cref="Decode(Flow, FlowMessage, ReadingOptions, CancellationToken)"/>
    public static DecodedState Decode(Flow flow, byte[] input, ReadingOptions options, CancellationToken cancellationToken) =>
        Decode(flow, input, options, message: null, cancellationToken);

    private static DecodedState Decode(Flow flow, byte[] input, ReadingOptions options, FlowMessage? message, CancellationToken cancellationToken)
    {
        var opened = Envelope.Open(input);
        if (opened.IsEmpty)
            return new(Begin(flow, options, message, opened), []) { Found = opened.Found };
        var document = DocumentReference.ResolveAsync(flow.Store, opened.Content, cancellationToken).Wait();
        if (!ReferenceEquals(document, opened.Content))
            opened = Envelope.Open(document).Behind([.. opened.Layers, "a reference"]);
        return StateDocument.Read(flow, opened.Content, options with { Inside = opened.Inside }) with { Found = opened.Found };
    }

    private static FlowState Begin(Flow flow, ReadingOptions options, FlowMessage? message, OpenedDocument opened)
    {
        if (message is not null && !MayBegin(message))
            throw FlowErrors.MessageIncomplete(message, "it has no document");
        if (opened.IsCutOff && message?.Content.IsBareRequest != true)
            throw FlowErrors.StateEmpty(opened.Inside);
        return FlowState.New(flow, options.Parameters, message is null ? options.RunId : $"message-{message.Id}");
    }

    private static bool MayBegin(FlowMessage message) =>
        message is { RunId: null, Step: null } && (message.Content.Document.Length > 0 || message.Content.IsBareRequest);

    // A late message's document may already be deleted.
    private static FlowState? FindLate(Flow flow, FlowMessage message) =>
        message is { RunId: { } runId, Step: { } step } && flow.RecordsRuns && DocumentReference.TryRead(message.Content.Document) is not null
            && RecordedRuns.Read(flow, runId) is { } stored && stored.Step > step + 1
            ? stored.From(new MessageOrigin(message, IsLate: true))
            : null;
}
