using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>Makes runs of the documents that messages carry.</summary>
internal static class MessageDecoder
{
    /// <summary>The run that a message is about. A message without a document begins one, the same one each time it is delivered.</summary>
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
        var decoded = Decode(flow, message.Content.Document, options, $"message-{message.Id}", cancellationToken);
        return decoded with { Run = decoded.Run.From(new MessageOrigin(message)) };
    }

    /// <summary>The run that a document is about, whatever it came in; a new one where that holds nothing.</summary>
    /// <inheritdoc cref="Decode(Flow, FlowMessage, ReadingOptions, CancellationToken)"/>
    public static DecodedState Decode(Flow flow, byte[] input, ReadingOptions options, string? newRunId, CancellationToken cancellationToken)
    {
        var opened = Envelope.Open(input);
        if (opened.IsEmpty)
            return new(FlowState.New(flow, options.Parameters, newRunId), []) { Found = opened.Found };
        var document = DocumentReference.ResolveAsync(flow.Store, opened.Content, cancellationToken).Wait();
        if (!ReferenceEquals(document, opened.Content))
            opened = Envelope.Open(document).Behind([.. opened.Layers, "a reference"]);
        return StateDocument.Read(flow, opened.Content, options with { Inside = opened.Inside }) with { Found = opened.Found };
    }

    // What a late message refers to may be gone from the store, as nobody needs it any more.
    private static FlowState? FindLate(Flow flow, FlowMessage message) =>
        message is { RunId: { } runId, Step: { } step } && RecordedRuns.AreUsual(flow) && DocumentReference.TryRead(message.Content.Document) is not null
            && RecordedRuns.Read(flow, runId) is { } stored && stored.Step > step + 1
            ? stored.From(new MessageOrigin(message, IsLate: true))
            : null;
}
