namespace PrefectPS.Diagrams.Layout;

/// <summary>The layout, with its origin at (0, 0).</summary>
/// <param name="Width">The total width.</param>
/// <param name="Height">The total height.</param>
/// <param name="Nodes">The nodes' centres.</param>
/// <param name="Routes">The edges' routes.</param>
internal sealed record LayoutResult(double Width, double Height, LayoutPoint[] Nodes, LayoutRoute[] Routes);
