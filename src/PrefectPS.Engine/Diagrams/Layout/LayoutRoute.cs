namespace PrefectPS.Diagrams.Layout;

/// <summary>An edge's route: straight between vertically aligned points, otherwise a curve with vertical ends.</summary>
/// <param name="Points">The points from the upper node's bottom to the lower node's top.</param>
/// <param name="Label">The label's centre; null for none.</param>
internal sealed record LayoutRoute(IReadOnlyList<LayoutPoint> Points, LayoutPoint? Label);
