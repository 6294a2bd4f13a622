namespace PrefectPS.Diagrams.Layout;

/// <summary>Where everything goes. The drawing begins at (0, 0).</summary>
/// <param name="Width">The width of all.</param>
/// <param name="Height">The height of all.</param>
/// <param name="Nodes">The middle of each node.</param>
/// <param name="Routes">The way of each edge.</param>
internal sealed record LayoutResult(double Width, double Height, LayoutPoint[] Nodes, LayoutRoute[] Routes);
