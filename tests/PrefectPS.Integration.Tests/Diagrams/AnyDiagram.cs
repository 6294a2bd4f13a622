using CsCheck;
using PrefectPS.Diagrams;
using PrefectPS.States;

namespace PrefectPS.Integration.Tests.Diagrams;

/// <summary>Random diagrams with names that are special in diagram languages.</summary>
internal static class AnyDiagram
{
    private static readonly string[] Words =
    [
        "a", "task1", "end", "graph", "subgraph", "click", "style", "class", "default", "direction", "TD", "o", "x", "node", "edge", "strict",
        "\"", "'", "`", "\\", "\\N", "\\n", "\\", "#", "#35;", "#quot;", "&", "&lt;", "&amp;", "<b>", "<br/>", "<script>", "</", "<map>", "[", "]", "([", "])", "(",
        ")", "{", "}", "|", ";", ":", "::", ":::", ",", ".", "1.", "1)", "-", "- ", "--", "-->", "-.->", "---", "==", "%%", "%%{init: {}}%%", "@", "@{", "*", "**", "_",
        "__x__", "~", "$$x$$", "fa:fa-ban", "www.example.org", "http://example.org", "a@b.org", "//", "/*", "日本語", "😀", "é", "e\u0301", "\u202e", "\u00a0", "ﬂ°°", "¶ß", "\ud83d",
    ];

    private static readonly Gen<string> Name =
        Gen.Select(Gen.OneOf(Words).Array[1, 5], Gen.OneOf("", " "), (words, between) => string.Join(between, words));

    /// <summary>A diagram that is not nested.</summary>
    public static Gen<Diagram> Flat { get; } = Of("t", Gen.Const((Diagram?)null));

    /// <summary>A nested diagram.</summary>
    public static Gen<Diagram> Any { get; } = Of("t", Gen.OneOf(Gen.Const((Diagram?)null), Of("i", Gen.Const((Diagram?)null)).Select(d => (Diagram?)d)));

    private static Gen<Diagram> Of(string id, Gen<Diagram?> inner) => Gen.Select(
        Name,
        Gen.Select(Name, Gen.Bool, Gen.OneOf<StateType?>([.. StateTypes.All.Select(s => (StateType?)s), null]), inner).Array[1, 8],
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, 100], Gen.OneOf(Gen.Const((string?)null), Name.Select(n => (string?)n)), Gen.Bool).Array[0, 10],
        (title, nodes, edges) => new Diagram(title, [.. nodes.Select((node, i) => Node($"{id}{i + 1}", node))], Edges(nodes.Length, edges)));

    private static DiagramNode Node(string id, (string Name, bool IsMapped, StateType? State, Diagram? Inner) node) =>
        new(id, node.Name, node.Name, node.IsMapped) { State = node.State, Inner = node.Inner is null ? null : Rename(node.Inner, id) };

    private static DiagramEdge[] Edges(int count, (int From, int To, string? Key, bool IsMapped)[] edges) =>
    [
        .. edges.Where(e => e.From % count < e.To % count).Select(e => new DiagramEdge(e.From % count, e.To % count, e.Key, e.IsMapped)).Distinct(),
    ];

    private static Diagram Rename(Diagram diagram, string prefix) =>
        diagram with { Nodes = [.. diagram.Nodes.Select(node => node with { Id = prefix + node.Id })] };
}
