namespace PrefectPS.Diagrams.Trees;

/// <summary>The signs that trees are drawn with; each fork and line is as wide as the others.</summary>
/// <param name="Next">Before a task that comes next.</param>
/// <param name="Fork">Before one of several, but the last.</param>
/// <param name="Last">Before the last of several.</param>
/// <param name="Line">Beside what is below one of several.</param>
/// <param name="Inside">Beside what is inside a task.</param>
/// <param name="Range">Between the first and the last of many.</param>
public sealed record TreeGlyphs(string Next, string Fork, string Last, string Line, string Inside, string Range)
{
    /// <summary>Lines and arrows.</summary>
    public static TreeGlyphs Unicode { get; } = new("↓ ", "├─ ", "└─ ", "│  ", "┊  ", "…");

    /// <summary>What any console can show.</summary>
    public static TreeGlyphs Ascii { get; } = new("v ", "|- ", "`- ", "|  ", ":  ", "...");
}
