using System.Runtime.InteropServices;

namespace PrefectPS.Diagrams.Layout;

/// <summary>A place; y grows downwards.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LayoutPoint(double X, double Y)
{
    /// <summary>The same place in a layout from left to right.</summary>
    public LayoutPoint Turn() => new(Y, X);

    public LayoutPoint Moved(double x, double y) => new(X + x, Y + y);
}
