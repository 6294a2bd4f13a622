using System.Text.Json;
using PrefectPS.Diagrams.Layout;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Writes a report's graph: boxes for one or many tasks, with positions, and edges.</summary>
internal static class GraphWriter
{
    /// <summary>Writes the graph of a run.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="plan">The flow's plan.</param>
    /// <param name="states">The tasks' states.</param>
    /// <param name="rows">The report's rows, which reference tasks.</param>
    public static void Write(Utf8JsonWriter json, FlowPlan plan, State[] states, List<ReportRow> rows)
    {
        var outline = GraphOutline.Of(plan, Array.ConvertAll(states, state => state.IsFailed));
        var layout = NodeLayout.Of(outline);
        var rowOf = RowsOf(plan, rows);
        json.WriteStartObject("graph");
        json.WriteStartObject("size");
        json.WriteNumber("width", Math.Round(layout.Width));
        json.WriteNumber("height", Math.Round(layout.Height));
        json.WriteEndObject();
        json.WriteStartArray("nodes");
        for (var node = 0; node < outline.Nodes.Count; node++)
            WriteNode(json, layout.Corners[node], outline.Nodes[node].Select(task => rowOf[task]));
        json.WriteEndArray();
        json.WriteStartArray("edges");
        for (var edge = 0; edge < outline.Edges.Count; edge++)
            WriteEdge(json, outline.Edges[edge], layout.Lines[edge]);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter json, LayoutPoint corner, IEnumerable<int> rows)
    {
        json.WriteStartObject();
        json.WriteNumber("x", Math.Round(corner.X));
        json.WriteNumber("y", Math.Round(corner.Y));
        json.WriteStartArray("tasks");
        foreach (var row in rows)
            json.WriteNumberValue(row);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // [from, to, [x, y, x, y, ...]]
    private static void WriteEdge(Utf8JsonWriter json, (int From, int To) edge, IReadOnlyList<LayoutPoint> points)
    {
        json.WriteStartArray();
        json.WriteNumberValue(edge.From);
        json.WriteNumberValue(edge.To);
        json.WriteStartArray();
        foreach (var point in points)
        {
            json.WriteNumberValue(Math.Round(point.X, 1));
            json.WriteNumberValue(Math.Round(point.Y, 1));
        }

        json.WriteEndArray();
        json.WriteEndArray();
    }

    private static int[] RowsOf(FlowPlan plan, List<ReportRow> rows)
    {
        var rowOf = new int[plan.Tasks.Length];
        for (var row = 0; row < rows.Count; row++)
        {
            if (rows[row].Parent is null)
                rowOf[rows[row].Task.Index] = row;
        }

        return rowOf;
    }
}
