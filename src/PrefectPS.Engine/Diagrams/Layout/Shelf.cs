namespace PrefectPS.Diagrams.Layout;

/// <summary>Packs boxes into rows from top to bottom.</summary>
/// <param name="gap">The gap between boxes.</param>
internal sealed class Shelf(double gap)
{
    private double _widest = double.PositiveInfinity;
    private double _x;
    private double _y;
    private double _rowHeight;

    /// <summary>The total width.</summary>
    public double Width { get; private set; }

    /// <summary>The total height.</summary>
    public double Height { get; private set; }

    /// <summary>Sets the row width so that all boxes together get the given aspect ratio.</summary>
    public void Fit(IReadOnlyList<(double Width, double Height)> boxes, double proportion)
    {
        var area = boxes.Sum(box => (box.Width + gap) * (box.Height + gap));
        _widest = Math.Max(boxes.Select(box => box.Width).DefaultIfEmpty().Max(), Math.Sqrt(area * proportion));
    }

    /// <summary>Places the next box and returns its corner.</summary>
    public LayoutPoint Put(double width, double height)
    {
        if (_x > 0 && _x + width > _widest)
            (_x, _y, _rowHeight) = (0, _y + _rowHeight + gap, 0);
        var corner = new LayoutPoint(_x, _y);
        _x += width + gap;
        _rowHeight = Math.Max(_rowHeight, height);
        Width = Math.Max(Width, corner.X + width);
        Height = Math.Max(Height, corner.Y + height);
        return corner;
    }
}
