namespace PrefectPS.Diagrams.Layout;

/// <summary>A node to lay out.</summary>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
/// <param name="PortWidth">The width, around the centre, of its top and bottom that takes edges.</param>
internal readonly record struct LayoutNode(double Width, double Height, double PortWidth);
