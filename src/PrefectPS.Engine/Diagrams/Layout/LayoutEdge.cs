namespace PrefectPS.Diagrams.Layout;

/// <summary>An edge of a layout, from the node above to the one below it.</summary>
/// <param name="From">The upper node.</param>
/// <param name="To">The lower node.</param>
/// <param name="LabelWidth">The width of its label; 0 for none.</param>
/// <param name="LabelHeight">The height of its label.</param>
internal readonly record struct LayoutEdge(int From, int To, double LabelWidth, double LabelHeight);
