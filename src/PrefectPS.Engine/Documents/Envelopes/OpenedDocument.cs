namespace PrefectPS.Documents;

/// <summary>A state document that was taken out of what it came in.</summary>
/// <param name="Content">The document, in full or compact; empty where what it came in held nothing.</param>
/// <param name="Layers">What it was taken out of, from the outside in.</param>
public sealed record OpenedDocument(byte[] Content, IReadOnlyList<string> Layers)
{
    /// <summary>Whether there was nothing in it.</summary>
    internal bool IsEmpty => Content.Length == 0;

    /// <summary>Whether what came has no length at all, as what was cut off has, and is no request, whose body may be missing.</summary>
    public bool IsCutOff { get; init; }

    /// <summary>What it was taken out of, in words; null for nothing.</summary>
    internal string? Inside => Layers.Count == 0 ? null : string.Join(" of ", Layers.Reverse());

    /// <summary>What was found, from the outside in.</summary>
    internal string Found => string.Join(" > ", Layers.Append(IsEmpty ? "nothing" : CompactText.Is(Content) ? "a compact state document" : "a state document"));

    /// <summary>The same, taken out of more.</summary>
    internal OpenedDocument Behind(IReadOnlyList<string> outer) => this with { Layers = [.. outer, .. Layers] };
}
