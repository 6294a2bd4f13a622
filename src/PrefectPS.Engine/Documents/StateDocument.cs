using PrefectPS.Flows;

namespace PrefectPS.Documents;

/// <summary>Reads state documents of either format.</summary>
public static class StateDocument
{
    /// <summary>Reads a full or compact document.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="document">The document, unwrapped by <see cref="Envelope.Open"/>.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StateInvalid"/>, <see cref="FlowErrorId.StateTampered"/>, <see cref="FlowErrorId.FlowChanged"/> or
    /// <see cref="FlowErrorId.ParameterInvalid"/>.
    /// </exception>
    public static DecodedState Read(Flow flow, ReadOnlySpan<byte> document, ReadingOptions options) =>
        CompactText.Is(document) ? CompactReader.Read(flow, document, options) : FlowStateReader.Read(flow, document, options);
}
