namespace PrefectPS.Diagrams;

/// <summary>The formats of diagrams.</summary>
public enum DiagramFormat
{
    /// <summary>Mermaid, rendered by GitHub and Azure DevOps in Markdown.</summary>
    Mermaid,

    /// <summary>The DOT language of Graphviz.</summary>
    Dot,

    /// <summary>A rendered picture.</summary>
    Svg,
}
