using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>Makes runs of the documents that messages carry.</summary>
internal static class MessageDecoder
{
    /// <summary>The run that a message is about. A message without a document begins one, the same one each time it is delivered.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="message">The message, which is completed once the run is sent on.</param>
    /// <param name="parameters">Values of the flow's parameters, for a run that begins, or a document that does not carry them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StateInvalid"/>: it is no such document, or that of another flow. As of <see cref="DocumentReference.ResolveAsync"/>.
    /// </exception>
    public static DecodedState Decode(
        Flow flow, FlowMessage message, IReadOnlyDictionary<string, object?> parameters, CancellationToken cancellationToken)
    {
        if (message.Flow is { } name && !string.Equals(name, flow.Name, StringComparison.Ordinal))
            throw FlowErrors.MessageOfOtherFlow(message, flow);
        if (FindLate(flow, message) is { } late)
            return new(late, []);
        var decoded = Decode(flow, message.Content.Document, parameters, $"message-{message.Id}", cancellationToken);
        return decoded with { Run = decoded.Run.From(message) };
    }

    /// <summary>The run that a document is about.</summary>
    /// <inheritdoc cref="Decode(Flow, FlowMessage, IReadOnlyDictionary{string, object?}, CancellationToken)"/>
    public static DecodedState Decode(
        Flow flow, byte[] document, IReadOnlyDictionary<string, object?> parameters, string? newRunId, CancellationToken cancellationToken)
    {
        if (newRunId is not null && Array.TrueForAll(document, b => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            return new(FlowState.New(flow, parameters, newRunId), []);
        return FlowStateReader.Read(flow, DocumentReference.ResolveAsync(flow.Store, document, cancellationToken).Wait(), parameters);
    }

    // What a late message refers to may be gone from the store, as nobody needs it any more.
    private static FlowState? FindLate(Flow flow, FlowMessage message) =>
        message is { RunId: { } runId, Step: { } step } && RecordedRuns.AreUsual(flow) && DocumentReference.TryRead(message.Content.Document) is not null
            && RecordedRuns.Read(flow, runId) is { } stored && stored.Step > step + 1
            ? stored.From(message, isLate: true)
            : null;
}
