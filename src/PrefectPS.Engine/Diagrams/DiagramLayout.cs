using PrefectPS.Diagrams.Layout;

namespace PrefectPS.Diagrams;

/// <summary>Lays out a diagram; subflows are laid out first, and determine their nodes' sizes.</summary>
internal static class DiagramLayout
{
    /// <param name="diagram">The diagram.</param>
    /// <param name="isHorizontal">Whether the layout runs from left to right instead of from top to bottom.</param>
    public static PlacedDiagram Arrange(Diagram diagram, bool isHorizontal)
    {
        NodeSize[] sizes = [.. diagram.Nodes.Select(node => NodeSize.Of(node, node.Inner is null ? null : Arrange(node.Inner, isHorizontal)))];
        var edges = diagram.Edges.GroupBy(edge => (edge.From, edge.To)).Select(group => new JoinedEdge([.. group])).ToArray();
        var result = LayeredLayout.Arrange(
            [.. sizes.Zip(diagram.Nodes, (size, node) => ToLayout(size, node, isHorizontal))],
            [.. edges.Select(edge => edge.ToLayout(isHorizontal))]);

        PlacedNode[] nodes = [.. sizes.Select((size, i) => Place(diagram.Nodes[i], size, isHorizontal ? result.Nodes[i].Turn() : result.Nodes[i]))];
        PlacedEdge[] placed = [.. edges.Select((edge, i) => edge.Place(result.Routes[i], isHorizontal))];
        return isHorizontal
            ? new(diagram, result.Height, result.Width, nodes, placed, isHorizontal)
            : new(diagram, result.Width, result.Height, nodes, placed, isHorizontal);
    }

    private static PlacedNode Place(DiagramNode node, NodeSize size, LayoutPoint middle) =>
        new(node, middle.X - (size.Width / 2), middle.Y - (size.Height / 2), size);

    // A horizontal layout is a vertical one transposed. The round ends of a task take no edges.
    private static LayoutNode ToLayout(NodeSize size, DiagramNode node, bool isHorizontal)
    {
        var (width, height) = isHorizontal ? (size.Height, size.Width) : (size.Width, size.Height);
        var isRound = size.Inner is null && !node.IsMapped;
        return new(width, height, isRound ? isHorizontal ? 0 : width - height : width * 0.8);
    }

    private sealed class JoinedEdge(DiagramEdge[] edges)
    {
        private const double LabelMargin = 10;
        private const double LabelHeight = 16;
        private const int MostCharacters = 32;

        private readonly string? _label = string.Join(", ", edges.Select(edge => edge.Key).Where(key => key is not null)) is { Length: > 0 } keys
            ? TextWidth.Cut(keys, MostCharacters)
            : null;

        public LayoutEdge ToLayout(bool isHorizontal)
        {
            var (from, to) = (edges[0].From, edges[0].To);
            if (_label is null)
                return new(from, to, 0, 0);
            var width = TextWidth.Of(_label, NodeSize.DetailFont) + LabelMargin;
            return isHorizontal ? new(from, to, LabelHeight, width) : new(from, to, width, LabelHeight);
        }

        public PlacedEdge Place(LayoutRoute route, bool isHorizontal) => new(
            edges[0].From,
            edges[0].To,
            isHorizontal ? [.. route.Points.Select(p => p.Turn())] : route.Points,
            _label,
            route.Label is not { } label ? default : isHorizontal ? label.Turn() : label,
            Array.TrueForAll(edges, edge => edge.IsMapped));
    }
}
