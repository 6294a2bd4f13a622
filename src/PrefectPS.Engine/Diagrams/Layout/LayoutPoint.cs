using System.Runtime.InteropServices;

namespace PrefectPS.Diagrams.Layout;

/// <summary>A point; y grows downwards.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LayoutPoint(double X, double Y)
{
    /// <summary>Transposes the point for a horizontal layout.</summary>
    public LayoutPoint Turn() => new(Y, X);

    public LayoutPoint Moved(double x, double y) => new(X + x, Y + y);
}
