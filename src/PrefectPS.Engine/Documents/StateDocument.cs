using PrefectPS.Flows;

namespace PrefectPS.Documents;

/// <summary>State documents in any form: found in what they came in, told apart, and read.</summary>
public static class StateDocument
{
    /// <summary>Reads a document, in full or compact.</summary>
    /// <param name="flow">The flow it is about.</param>
    /// <param name="document">The document, as <see cref="Envelope.Open"/> found it.</param>
    /// <param name="options">How it is to be read.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StateInvalid"/>, <see cref="FlowErrorId.StateTampered"/>, <see cref="FlowErrorId.FlowChanged"/> or
    /// <see cref="FlowErrorId.ParameterInvalid"/>.
    /// </exception>
    public static DecodedState Read(Flow flow, ReadOnlySpan<byte> document, ReadingOptions options) =>
        CompactText.Is(document) ? CompactReader.Read(flow, document, options) : FlowStateReader.Read(flow, document, options);
}
