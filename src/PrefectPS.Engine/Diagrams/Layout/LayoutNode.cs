namespace PrefectPS.Diagrams.Layout;

/// <summary>What a layout has to find a place for.</summary>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
/// <param name="PortWidth">How much of its upper and lower side edges may be attached to, around the middle.</param>
internal readonly record struct LayoutNode(double Width, double Height, double PortWidth);
