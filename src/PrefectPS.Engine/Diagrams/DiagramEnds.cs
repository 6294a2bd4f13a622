namespace PrefectPS.Diagrams;

/// <summary>Finds the inner nodes where edges of a subflow's node start and end, for formats without edges to clusters.</summary>
internal static class DiagramEnds
{
    /// <summary>A root inside the node.</summary>
    public static DiagramNode First(DiagramNode node) => node.Inner is null ? node : Firsts(node).First();

    /// <summary>A leaf inside the node.</summary>
    public static DiagramNode Last(DiagramNode node) => node.Inner is null ? node : Lasts(node).Last();

    /// <summary>The roots inside the node; the node itself if it has no subflow.</summary>
    public static IEnumerable<DiagramNode> Firsts(DiagramNode node) => Ends(node, edge => edge.To);

    /// <summary>The leaves inside the node; the node itself if it has no subflow.</summary>
    public static IEnumerable<DiagramNode> Lasts(DiagramNode node) => Ends(node, edge => edge.From);

    private static IEnumerable<DiagramNode> Ends(DiagramNode node, Func<DiagramEdge, int> endOf)
    {
        if (node.Inner is not { } inner)
            return [node];
        var isInTheWay = new HashSet<int>(inner.Edges.Select(endOf));
        return inner.Nodes.Where((_, i) => !isInTheWay.Contains(i)).SelectMany(end => Ends(end, endOf));
    }
}
