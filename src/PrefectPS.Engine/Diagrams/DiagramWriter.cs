namespace PrefectPS.Diagrams;

/// <summary>Writes diagrams in any of the formats.</summary>
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

    /// <summary>The extensions that say a format.</summary>
    public static IReadOnlyCollection<string> Extensions => ByExtension.Keys;

    /// <summary>The format that a file's name says; null where it says none.</summary>
    public static DiagramFormat? FormatOf(string file) => ByExtension.TryGetValue(Path.GetExtension(file), out var format) ? format : null;

    /// <summary>The extension of a format's files.</summary>
    public static string ExtensionOf(DiagramFormat format) => ByExtension.First(pair => pair.Value == format).Key;

    /// <summary>The diagram as text.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="format">The language.</param>
    /// <param name="isHorizontal">Whether it goes from left to right, else from top to bottom.</param>
    public static string Write(Diagram diagram, DiagramFormat format, bool isHorizontal) => format switch
    {
        DiagramFormat.Mermaid => MermaidWriter.Write(diagram, isHorizontal),
        DiagramFormat.Dot => DotWriter.Write(diagram, isHorizontal),
        _ => SvgWriter.Write(diagram, isHorizontal),
    };

    /// <summary>The diagram as a file of this name holds it: Mermaid in Markdown stands in a fence.</summary>
    public static string WriteFile(string file, Diagram diagram, DiagramFormat format, bool isHorizontal)
    {
        var text = Write(diagram, format, isHorizontal);
        return format == DiagramFormat.Mermaid && Path.GetExtension(file).Equals(MarkdownExtension, StringComparison.OrdinalIgnoreCase)
            ? $"```mermaid\n{text}```\n"
            : text;
    }
}
