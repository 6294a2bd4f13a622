using System.Globalization;
using System.Text;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Diagrams;

/// <summary>Writes a diagram in the subset of Mermaid that both GitHub and Azure DevOps render: <c>graph</c>, no edges to subgraphs.</summary>
internal sealed class MermaidWriter
{
    private const string Direction = "direction";

    private readonly StringBuilder _text = new();
    private readonly SortedDictionary<(StateType State, bool IsGroup), List<string>> _inState = [];

    private MermaidWriter()
    {
    }

    /// <summary>Writes the diagram, unfenced.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="isHorizontal">Whether the layout runs from left to right instead of from top to bottom.</param>
    public static string Write(Diagram diagram, bool isHorizontal = false)
    {
        var writer = new MermaidWriter();
        writer._text.Append(isHorizontal ? "graph LR\n" : "graph TD\n");
        writer.WriteGraph(diagram, "    ");
        writer.WriteStates();
        return writer._text.ToString();
    }

    private void WriteGraph(Diagram diagram, string indent)
    {
        foreach (var node in diagram.Nodes)
            WriteNode(node, indent);
        foreach (var edge in diagram.Edges)
            WriteEdges(diagram.Nodes[edge.From], diagram.Nodes[edge.To], edge, indent);
    }

    private void WriteNode(DiagramNode node, string indent)
    {
        if (node.State is { } state)
        {
            var key = (state, node.Inner is not null);
            if (!_inState.TryGetValue(key, out var nodes))
                _inState.Add(key, nodes = []);
            nodes.Add(node.Id);
        }

        if (node.Inner is { } inner)
        {
            _text.Append($"{indent}subgraph {node.Id}[{Quote(node.Label)}]\n");
            WriteGraph(inner, indent + "    ");
            _text.Append($"{indent}end\n");
            return;
        }

        var (open, close) = node.IsMapped ? ("[", "]") : ("([", "])");
        _text.Append($"{indent}{node.Id}{open}{Quote(node.Label)}{close}\n");
    }

    private void WriteEdges(DiagramNode from, DiagramNode to, DiagramEdge edge, string indent)
    {
        var arrow = (edge.IsMapped ? "-.->" : "-->") + (edge.Key is null ? string.Empty : $"|{Quote(edge.Key)}|");
        foreach (var last in DiagramEnds.Lasts(from))
        {
            foreach (var first in DiagramEnds.Firsts(to))
                _text.Append($"{indent}{last.Id} {arrow} {first.Id}\n");
        }
    }

    // A subflow is only tinted, so that its nodes keep their colours.
    private void WriteStates()
    {
        foreach (var entry in _inState)
        {
            var ((state, isGroup), nodes) = (entry.Key, entry.Value);
            var (name, color, opacity) = (state.Name() + (isGroup ? "Flow" : string.Empty), state.Color(), isGroup ? "1a" : "80");
            _text.Append($"    classDef {name} fill:{color}{opacity},stroke:{color}\n    class {string.Join(",", nodes)} {name}\n");
        }
    }

    // Labels are parsed for quotes, entities, Markdown and icons; special characters become numeric entities.
    private static string Quote(string text)
    {
        var clean = Unicode.ReplaceLoneSurrogates(text);
        var quoted = new StringBuilder("\"");
        for (var i = 0; i < clean.Length; i++)
        {
            if (IsPlain(clean, i))
            {
                quoted.Append(clean[i]);
            }
            else if (clean[i] == '\n')
            {
                quoted.Append("<br/>");
            }
            else
            {
                quoted.Append('#').Append(char.ConvertToUtf32(clean, i).ToString(CultureInfo.InvariantCulture)).Append(';');
                if (char.IsSurrogatePair(clean, i))
                    i++;
            }
        }

        return quoted.Append('"').ToString();
    }

    // Letters and digits, single spaces between them, and hyphens and underscores within words. After 'direction' a space would turn the line into a statement.
    private static bool IsPlain(string text, int index) => text[index] switch
    {
        ' ' => index > 0 && index < text.Length - 1 && text[index - 1] != ' ' && !EndsInDirection(text, index),
        '-' or '_' => index > 0 && index < text.Length - 1 && IsWord(text[index - 1]) && IsWord(text[index + 1]),
        var c => IsWord(c),
    };

    private static bool EndsInDirection(string text, int end) =>
        end >= Direction.Length && string.Compare(text, end - Direction.Length, Direction, 0, Direction.Length, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) && !char.IsSurrogate(c);
}
