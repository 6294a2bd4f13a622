using System.Runtime.InteropServices;

namespace PrefectPS.Diagrams.Layout;

/// <summary>The layout, with its origin at (0, 0).</summary>
/// <param name="Width">The total width.</param>
/// <param name="Height">The total height.</param>
/// <param name="Nodes">The nodes' centres.</param>
/// <param name="Routes">The edges' routes.</param>
internal sealed record LayoutResult(double Width, double Height, LayoutPoint[] Nodes, LayoutRoute[] Routes);

/// <summary>An edge's route: straight between vertically aligned points, otherwise a curve with vertical ends.</summary>
/// <param name="Points">The points from the upper node's bottom to the lower node's top.</param>
/// <param name="Label">The label's centre; null for none.</param>
internal sealed record LayoutRoute(IReadOnlyList<LayoutPoint> Points, LayoutPoint? Label);

/// <summary>A point; y grows downwards.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LayoutPoint(double X, double Y)
{
    /// <summary>Transposes the point for a horizontal layout.</summary>
    public LayoutPoint Turn() => new(Y, X);

    public LayoutPoint Moved(double x, double y) => new(X + x, Y + y);
}
