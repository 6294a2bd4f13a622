using PrefectPS.Diagrams.Layout;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Where the boxes and lines of a report's graph are: from left to right, boxes all of one size.</summary>
internal sealed class NodeLayout
{
    /// <summary>The size of a box; report.css has the same.</summary>
    public const int NodeWidth = 200;

    /// <inheritdoc cref="NodeWidth"/>
    public const int NodeHeight = 52;

    private NodeLayout(LayoutResult turned)
    {
        Width = turned.Height;
        Height = turned.Width;
        Corners = Array.ConvertAll(turned.Nodes, middle => middle.Turn().Moved(-NodeWidth / 2.0, -NodeHeight / 2.0));
        Lines = Array.ConvertAll<LayoutRoute, IReadOnlyList<LayoutPoint>>(turned.Routes, route => [.. route.Points.Select(point => point.Turn())]);
    }

    public double Width { get; }

    public double Height { get; }

    /// <summary>The upper left corner of each box.</summary>
    public IReadOnlyList<LayoutPoint> Corners { get; }

    /// <summary>The points that each line goes through.</summary>
    public IReadOnlyList<IReadOnlyList<LayoutPoint>> Lines { get; }

    // Laid out from top to bottom, with the boxes on their sides.
    public static NodeLayout Of(GraphOutline outline) => new(LayeredLayout.Arrange(
        [.. outline.Nodes.Select(_ => new LayoutNode(NodeHeight, NodeWidth, PortWidth: NodeHeight / 2.0))],
        [.. outline.Edges.Select(edge => new LayoutEdge(edge.From, edge.To, LabelWidth: 0, LabelHeight: 0))]));
}
