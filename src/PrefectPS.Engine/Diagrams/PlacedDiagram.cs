using PrefectPS.Diagrams.Layout;

namespace PrefectPS.Diagrams;

/// <summary>A diagram whose nodes and edges have their places. It begins at (0, 0).</summary>
/// <param name="Diagram">The diagram.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
/// <param name="Nodes">Its nodes, in their order.</param>
/// <param name="Edges">Its edges; those between the same two nodes are one.</param>
/// <param name="IsHorizontal">Whether it goes from left to right, else from top to bottom.</param>
internal sealed record PlacedDiagram(
    Diagram Diagram, double Width, double Height, IReadOnlyList<PlacedNode> Nodes, IReadOnlyList<PlacedEdge> Edges, bool IsHorizontal);

/// <summary>A node with its place.</summary>
/// <param name="Node">The node.</param>
/// <param name="X">Its left side.</param>
/// <param name="Y">Its upper side.</param>
/// <param name="Size">What is in it.</param>
internal sealed record PlacedNode(DiagramNode Node, double X, double Y, NodeSize Size);

/// <summary>An edge with its way.</summary>
/// <param name="From">The node that is waited for.</param>
/// <param name="To">The node that waits.</param>
/// <param name="Points">From one node's side to the other's: straight lines along the diagram's direction, curves else.</param>
/// <param name="Label">The parameters that take results; null where only the order counts.</param>
/// <param name="LabelPlace">The middle of the label.</param>
/// <param name="IsMapped">Whether all of it is mapped.</param>
internal sealed record PlacedEdge(int From, int To, IReadOnlyList<LayoutPoint> Points, string? Label, LayoutPoint LabelPlace, bool IsMapped);
