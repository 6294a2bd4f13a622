namespace PrefectPS.Diagrams;

/// <summary>The nodes at which edges of a node with a flow inside begin and end, where only nodes can.</summary>
internal static class DiagramEnds
{
    /// <summary>One that waits for nothing inside.</summary>
    public static DiagramNode First(DiagramNode node) => node.Inner is null ? node : Firsts(node).First();

    /// <summary>One that nothing inside waits for.</summary>
    public static DiagramNode Last(DiagramNode node) => node.Inner is null ? node : Lasts(node).Last();

    /// <summary>All that wait for nothing inside; the node itself where nothing is inside.</summary>
    public static IEnumerable<DiagramNode> Firsts(DiagramNode node) => Ends(node, edge => edge.To);

    /// <summary>All that nothing inside waits for; the node itself where nothing is inside.</summary>
    public static IEnumerable<DiagramNode> Lasts(DiagramNode node) => Ends(node, edge => edge.From);

    private static IEnumerable<DiagramNode> Ends(DiagramNode node, Func<DiagramEdge, int> endOf)
    {
        if (node.Inner is not { } inner)
            return [node];
        var isInTheWay = new HashSet<int>(inner.Edges.Select(endOf));
        return inner.Nodes.Where((_, i) => !isInTheWay.Contains(i)).SelectMany(end => Ends(end, endOf));
    }
}
