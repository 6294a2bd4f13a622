namespace PrefectPS.Diagrams;

/// <summary>A node's texts and size.</summary>
/// <param name="Label">The name, truncated.</param>
/// <param name="Detail">The state; null for none.</param>
/// <param name="Inner">The subflow; null for none.</param>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
internal sealed record NodeSize(string Label, string? Detail, PlacedDiagram? Inner, double Width, double Height)
{
    public const double LabelFont = 13;
    public const double DetailFont = 11;

    /// <summary>The height of the head of a node with a subflow.</summary>
    public const double HeadHeight = 32;

    /// <summary>The margin around a subflow.</summary>
    public const double InnerMargin = 16;

    private const int MostCharacters = 48;
    private const double LeastWidth = 72;
    private const double Padding = 14;
    private const double LineHeight = 34;
    private const double TwoLineHeight = 44;

    /// <summary>Measures a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inner">The subflow; null for none.</param>
    public static NodeSize Of(DiagramNode node, PlacedDiagram? inner)
    {
        var label = TextWidth.Cut(node.Label, MostCharacters);
        var detail = DiagramTexts.StateOf(node);
        var (labelWidth, detailWidth) = (TextWidth.Of(label, LabelFont), detail is null ? 0 : TextWidth.Of(detail, DetailFont));
        if (inner is null)
        {
            var height = detail is null ? LineHeight : TwoLineHeight;
            var ends = node.IsMapped ? Padding * 2 : height; // a task's ends are round
            return new(label, detail, null, Even(Math.Max(LeastWidth, Math.Max(labelWidth, detailWidth) + ends)), height);
        }

        var head = labelWidth + detailWidth + (Padding * 3);
        return new(label, detail, inner, Even(Math.Max(head, inner.Width + (InnerMargin * 2))), Even(HeadHeight + inner.Height + InnerMargin));
    }

    // An even size puts both sides and the centre on whole pixels.
    private static double Even(double size) => Math.Ceiling(size / 2) * 2;
}
