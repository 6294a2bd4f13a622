namespace PrefectPS.Diagrams;

/// <summary>The languages that diagrams are written in.</summary>
public enum DiagramFormat
{
    /// <summary>Mermaid, which GitHub and Azure DevOps draw where it stands in Markdown.</summary>
    Mermaid,

    /// <summary>The DOT language of Graphviz.</summary>
    Dot,

    /// <summary>A picture, drawn and laid out.</summary>
    Svg,
}
