namespace PrefectPS.Diagrams.Layout;

/// <summary>The way of an edge: straight between points that are above each other, else a curve that leaves and arrives vertically.</summary>
/// <param name="Points">From the upper node's lower side to the lower node's upper side.</param>
/// <param name="Label">The middle of its label; null where it has none.</param>
internal sealed record LayoutRoute(IReadOnlyList<LayoutPoint> Points, LayoutPoint? Label);
