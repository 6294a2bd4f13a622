namespace PrefectPS.Documents;

/// <summary>A state document unwrapped from its envelopes.</summary>
/// <param name="Content">The document, full or compact; empty for an empty envelope.</param>
/// <param name="Layers">The envelopes, outermost first.</param>
public sealed record OpenedDocument(byte[] Content, IReadOnlyList<string> Layers)
{
    /// <summary>True if the innermost envelope was empty.</summary>
    internal bool IsEmpty => Content.Length == 0;

    /// <summary>True if the input was empty and no request, whose body is optional: it was probably cut off.</summary>
    public bool IsCutOff { get; init; }

    /// <summary>The envelopes in words, innermost first; null for none.</summary>
    internal string? Inside => Layers.Count == 0 ? null : string.Join(" of ", Layers.Reverse());

    /// <summary>The envelopes and the document, outermost first.</summary>
    internal string Found => string.Join(" > ", Layers.Append(IsEmpty ? "nothing" : CompactText.Is(Content) ? "a compact state document" : "a state document"));

    /// <summary>Adds outer envelopes.</summary>
    internal OpenedDocument Behind(IReadOnlyList<string> outer) => this with { Layers = [.. outer, .. Layers] };
}
