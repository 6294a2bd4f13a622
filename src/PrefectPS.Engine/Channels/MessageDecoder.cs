using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>Makes runs of the documents that messages carry.</summary>
public static class MessageDecoder
{
    /// <summary>
    /// The run that a message is about. A message of white space, or a request without a body, begins one, the same one each time it is delivered.
    /// One that names a run or step and has no document, and one of no length, is cut off: it is refused, as is one that cannot be read.
    /// </summary>
    /// <param name="flow">The flow.</param>
    /// <param name="message">The message, which is completed once the run is sent on.</param>
    /// <param name="options">How its document is to be read; its values of the flow's parameters are for a run that begins, too.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StateInvalid"/>: it is no such document, or that of another flow. As of <see cref="DocumentReference.ResolveAsync"/>.
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

    /// <summary>The run that a document is about, whatever it came in; a new one where that holds nothing.</summary>
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

    // What a late message refers to may be gone from the store, as nobody needs it any more.
    private static FlowState? FindLate(Flow flow, FlowMessage message) =>
        message is { RunId: { } runId, Step: { } step } && flow.RecordsRuns && DocumentReference.TryRead(message.Content.Document) is not null
            && RecordedRuns.Read(flow, runId) is { } stored && stored.Step > step + 1
            ? stored.From(new MessageOrigin(message, IsLate: true))
            : null;
}
