using PrefectPS.Diagrams.Layout;

namespace PrefectPS.Diagrams.Reports;

/// <summary>The layout of a report's graph: from left to right, with boxes of one size.</summary>
internal sealed class NodeLayout
{
    /// <summary>A box's size, as in report.css.</summary>
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

    /// <summary>The top left corner of each box.</summary>
    public IReadOnlyList<LayoutPoint> Corners { get; }

    /// <summary>The points of each edge.</summary>
    public IReadOnlyList<IReadOnlyList<LayoutPoint>> Lines { get; }

    // A transposed vertical layout.
    public static NodeLayout Of(GraphOutline outline) => new(LayeredLayout.Arrange(
        [.. outline.Nodes.Select(_ => new LayoutNode(NodeHeight, NodeWidth, PortWidth: NodeHeight / 2.0))],
        [.. outline.Edges.Select(edge => new LayoutEdge(edge.From, edge.To, LabelWidth: 0, LabelHeight: 0))]));
}
