namespace PrefectPS.Diagrams;

/// <summary>Writes diagrams in every format.</summary>
public static class DiagramWriter
{
    private const string MarkdownExtension = ".md";

    private static readonly Dictionary<string, DiagramFormat> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".mmd"] = DiagramFormat.Mermaid,
        [".mermaid"] = DiagramFormat.Mermaid,
        [MarkdownExtension] = DiagramFormat.Mermaid,
        [".dot"] = DiagramFormat.Dot,
        [".gv"] = DiagramFormat.Dot,
        [".svg"] = DiagramFormat.Svg,
    };

    /// <summary>The file extensions that select a format.</summary>
    public static IReadOnlyCollection<string> Extensions => ByExtension.Keys;

    /// <summary>The format of a file name; null for an unknown extension.</summary>
    public static DiagramFormat? FormatOf(string file) => ByExtension.TryGetValue(Path.GetExtension(file), out var format) ? format : null;

    /// <summary>A format's file extension.</summary>
    public static string ExtensionOf(DiagramFormat format) => ByExtension.First(pair => pair.Value == format).Key;

    /// <summary>Writes a diagram as text.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="format">The format.</param>
    /// <param name="isHorizontal">Whether the layout runs from left to right instead of from top to bottom.</param>
    public static string Write(Diagram diagram, DiagramFormat format, bool isHorizontal) => format switch
    {
        DiagramFormat.Mermaid => MermaidWriter.Write(diagram, isHorizontal),
        DiagramFormat.Dot => DotWriter.Write(diagram, isHorizontal),
        _ => SvgWriter.Write(diagram, isHorizontal),
    };

    /// <summary>Writes a diagram as the content of a file; Mermaid in Markdown is fenced.</summary>
    public static string WriteFile(string file, Diagram diagram, DiagramFormat format, bool isHorizontal)
    {
        var text = Write(diagram, format, isHorizontal);
        return format == DiagramFormat.Mermaid && Path.GetExtension(file).Equals(MarkdownExtension, StringComparison.OrdinalIgnoreCase)
            ? $"```mermaid\n{text}```\n"
            : text;
    }
}
