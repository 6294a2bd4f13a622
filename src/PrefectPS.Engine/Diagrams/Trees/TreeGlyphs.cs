namespace PrefectPS.Diagrams.Trees;

/// <summary>The glyphs of trees; forks and lines have equal widths.</summary>
/// <param name="Next">Precedes a main successor.</param>
/// <param name="Fork">Precedes a branch, except the last.</param>
/// <param name="Last">Precedes the last branch.</param>
/// <param name="Line">Continues a branch.</param>
/// <param name="Inside">Continues a subflow.</param>
/// <param name="Range">Separates the first and last of a range.</param>
public sealed record TreeGlyphs(string Next, string Fork, string Last, string Line, string Inside, string Range)
{
    /// <summary>Box-drawing characters and arrows.</summary>
    public static TreeGlyphs Unicode { get; } = new("↓ ", "├─ ", "└─ ", "│  ", "┊  ", "…");

    /// <summary>ASCII characters.</summary>
    public static TreeGlyphs Ascii { get; } = new("v ", "|- ", "`- ", "|  ", ":  ", "...");
}
