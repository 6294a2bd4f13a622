using PrefectPS.Diagrams.Layout;

namespace PrefectPS.Diagrams;

/// <summary>A laid-out diagram, with its origin at (0, 0).</summary>
/// <param name="Diagram">The diagram.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
/// <param name="Nodes">The nodes, in order.</param>
/// <param name="Edges">The edges; parallel edges are merged.</param>
/// <param name="IsHorizontal">Whether the layout runs from left to right instead of from top to bottom.</param>
internal sealed record PlacedDiagram(
    Diagram Diagram, double Width, double Height, IReadOnlyList<PlacedNode> Nodes, IReadOnlyList<PlacedEdge> Edges, bool IsHorizontal);

/// <summary>A positioned node.</summary>
/// <param name="Node">The node.</param>
/// <param name="X">The left side.</param>
/// <param name="Y">The top.</param>
/// <param name="Size">The texts and size.</param>
internal sealed record PlacedNode(DiagramNode Node, double X, double Y, NodeSize Size);

/// <summary>A routed edge.</summary>
/// <param name="From">The upstream node.</param>
/// <param name="To">The downstream node.</param>
/// <param name="Points">The route from border to border: straight along the layout's direction, otherwise curved.</param>
/// <param name="Label">The parameters that take results; null for order only.</param>
/// <param name="LabelPlace">The label's centre.</param>
/// <param name="IsMapped">Whether all merged edges are mapped.</param>
internal sealed record PlacedEdge(int From, int To, IReadOnlyList<LayoutPoint> Points, string? Label, LayoutPoint LabelPlace, bool IsMapped);
