namespace PrefectPS.Diagrams.Layout;

/// <summary>A node to lay out.</summary>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
/// <param name="PortWidth">The width, around the centre, of its top and bottom that takes edges.</param>
internal readonly record struct LayoutNode(double Width, double Height, double PortWidth);

/// <summary>An edge to lay out, from the upper to the lower node.</summary>
/// <param name="From">The upper node.</param>
/// <param name="To">The lower node.</param>
/// <param name="LabelWidth">The label's width; 0 for none.</param>
/// <param name="LabelHeight">The label's height.</param>
internal readonly record struct LayoutEdge(int From, int To, double LabelWidth, double LabelHeight);
