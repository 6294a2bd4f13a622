using CsCheck;
using PrefectPS.Diagrams.Layout;

namespace PrefectPS.Engine.Tests.Diagrams;

/// <summary>A random acyclic graph with at most one edge between two nodes.</summary>
internal sealed record AnyGraph(LayoutNode[] Nodes, LayoutEdge[] Edges)
{
    private static readonly Gen<LayoutNode> Node =
        from width in Gen.Double[30, 300]
        from height in Gen.Double[20, 200]
        from port in Gen.Double[0, 1]
        select new LayoutNode(width, height, width * port);

    private static readonly Gen<(int From, int To, double Label)> Edge =
        Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.OneOf(Gen.Const(0.0), Gen.Double[10, 80]), (from, to, label) => (from, to, label));

    public static Gen<AnyGraph> Any { get; } =
        Gen.Select(Node.Array[1, 40], Edge.Array[0, 80]).Select((nodes, edges) => new AnyGraph(nodes, Orient(nodes.Length, edges)));

    private static LayoutEdge[] Orient(int count, (int From, int To, double Label)[] edges) =>
    [
        .. edges
            .Select(e => (From: Math.Min(e.From % count, e.To % count), To: Math.Max(e.From % count, e.To % count), e.Label))
            .Where(e => e.From != e.To)
            .DistinctBy(e => (e.From, e.To))
            .Select(e => new LayoutEdge(e.From, e.To, e.Label, e.Label > 0 ? 16 : 0)),
    ];
}
