using System.Text;
using PrefectPS.States;

namespace PrefectPS.Diagrams;

/// <summary>The style sheet of SVG diagrams, for light and dark backgrounds.</summary>
internal static class SvgStyle
{
    private const string Common = """

        .flow-diagram { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif }
        .flow-diagram text { fill: #1f2328 }
        .flow-diagram .ground { fill: #ffffff }
        .flow-diagram .name { font-size: 16px; font-weight: 600 }
        .flow-diagram .summary, .flow-diagram .key { font-size: 11px; fill: #59636e }
        .flow-diagram .label, .flow-diagram .detail, .flow-diagram .key { text-anchor: middle }
        .flow-diagram .label, .flow-diagram .head { font-weight: 500 }
        .flow-diagram .detail, .flow-diagram .state { font-size: 11px }
        .flow-diagram .state { text-anchor: end }
        .flow-diagram .key { stroke: #ffffff; stroke-width: 4; stroke-linejoin: round; paint-order: stroke }
        .flow-diagram .edge { fill: none; stroke: #818b98; stroke-width: 1.4 }
        .flow-diagram .mapped { stroke-dasharray: 5 4 }
        .flow-diagram .arrow { fill: #818b98 }
        .flow-diagram .shape { fill: #818b98; stroke: #818b98; stroke-width: 1.4; fill-opacity: .12 }

        """;

    private const string Dark = """
        @media (prefers-color-scheme: dark) {
        .flow-diagram text { fill: #f0f6fc }
        .flow-diagram .ground { fill: #0d1117 }
        .flow-diagram .summary, .flow-diagram .key { fill: #9198a1 }
        .flow-diagram .key { stroke: #0d1117 }
        }

        """;

    /// <summary>A node's CSS class: its state.</summary>
    public static string ClassOf(DiagramNode node) => node.State is { } state ? state.Name() : "stateless";

    /// <summary>Creates a diagram's style sheet.</summary>
    public static string Of(Diagram diagram)
    {
        var states = new SortedSet<StateType>();
        Gather(diagram, states);
        var style = new StringBuilder(Common.Replace("\r", string.Empty));
        foreach (var state in states)
            style.Append($".flow-diagram .{state.Name()} > .shape {{ fill: {state.Color()}; stroke: {state.Color()}; fill-opacity: .5 }}\n");
        return style
            .Append(".flow-diagram .outer > .shape { fill-opacity: .1 }\n")
            .Append(Dark.Replace("\r", string.Empty))
            .ToString();
    }

    private static void Gather(Diagram diagram, SortedSet<StateType> states)
    {
        foreach (var node in diagram.Nodes)
        {
            if (node.State is { } state)
                states.Add(state);
            if (node.Inner is not null)
                Gather(node.Inner, states);
        }
    }
}
