using System.Text;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Diagrams;

/// <summary>Writes a diagram in the DOT language of Graphviz, with the shapes, colours and styles of Prefect 1.4.1's <c>Flow.visualize</c>; a subflow is a cluster.</summary>
internal sealed class DotWriter
{
    private readonly StringBuilder _text = new();

    private DotWriter()
    {
    }

    /// <summary>Writes the graph.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="isHorizontal">Whether the layout runs from left to right instead of from top to bottom.</param>
    public static string Write(Diagram diagram, bool isHorizontal = false)
    {
        var writer = new DotWriter();
        writer._text.Append("digraph {\n");
        if (isHorizontal)
            writer._text.Append("\tgraph [rankdir=LR]\n");
        if (diagram.Nodes.Any(node => node.Inner is not null))
            writer._text.Append("\tgraph [compound=true]\n"); // allows edges to clusters
        writer.WriteGraph(diagram, "\t");
        return writer._text.Append("}\n").ToString();
    }

    private void WriteGraph(Diagram diagram, string indent)
    {
        foreach (var node in diagram.Nodes)
        {
            if (node.Inner is null)
                WriteNode(node, indent);
            else
                WriteCluster(node, node.Inner, indent);
        }

        foreach (var edge in diagram.Edges)
            WriteEdge(diagram.Nodes[edge.From], diagram.Nodes[edge.To], edge, indent);
    }

    private void WriteNode(DiagramNode node, string indent)
    {
        _text.Append($"{indent}{node.Id} [label={Quote(node.Label)}");
        if (node.State is { } state)
            _text.Append($" color=\"{state.Color()}80\" colorscheme=svg");
        _text.Append(node.IsMapped ? " shape=box" : " shape=ellipse");
        _text.Append(node.State is null ? "]\n" : " style=filled]\n");
    }

    private void WriteCluster(DiagramNode node, Diagram inner, string indent)
    {
        _text.Append($"{indent}subgraph cluster_{node.Id} {{\n{indent}\tgraph [label={Quote(node.Label)}");
        _text.Append(node.State is { } state ? $" color=\"{state.Color()}80\" penwidth=3]\n" : "]\n");
        WriteGraph(inner, indent + '\t');
        _text.Append($"{indent}}}\n");
    }

    // DOT edges connect nodes; lhead and ltail clip them at a cluster's border.
    private void WriteEdge(DiagramNode from, DiagramNode to, DiagramEdge edge, string indent)
    {
        string?[] attributes =
        [
            edge.Key is null ? null : $"label={Quote(edge.Key)}",
            edge.IsMapped ? "style=dashed" : null,
            from.Inner is null ? null : $"ltail=cluster_{from.Id}",
            to.Inner is null ? null : $"lhead=cluster_{to.Id}",
        ];
        var list = string.Join(" ", attributes.Where(attribute => attribute is not null));
        _text.Append($"{indent}{DiagramEnds.Last(from).Id} -> {DiagramEnds.First(to).Id}{(list.Length == 0 ? string.Empty : $" [{list}]")}\n");
    }

    // Labels have escapes such as \N and \n, and entities.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in Unicode.ReplaceLoneSurrogates(text))
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '&' => quoted.Append("&amp;"),
                '\n' => quoted.Append("\\n"),
                '\0' => quoted.Append('\ufffd'),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
