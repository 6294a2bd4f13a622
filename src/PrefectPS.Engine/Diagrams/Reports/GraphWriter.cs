using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Writes the graph of a report: nodes that stand for one task or for many, each with its place, and the lines between them.</summary>
internal static class GraphWriter
{
    public static void Write(Utf8JsonWriter json, FlowPlan plan, State[] states, List<ReportRow> rows)
    {
        var outline = GraphOutline.Of(plan, Array.ConvertAll(states, state => state.IsFailed));
        var layout = NodeLayout.Of(outline);
        var rowOf = RowsOf(plan, rows);
        json.WriteStartObject("graph");
        json.WriteStartArray("nodes");
        for (var node = 0; node < outline.Nodes.Count; node++)
        {
            json.WriteStartObject();
            json.WriteNumber("x", layout.Places[node].X);
            json.WriteNumber("y", layout.Places[node].Y);
            json.WriteStartArray("tasks");
            foreach (var task in outline.Nodes[node])
                json.WriteNumberValue(rowOf[task]);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("edges");
        foreach (var (from, to) in outline.Edges)
        {
            json.WriteStartArray();
            json.WriteNumberValue(from);
            json.WriteNumberValue(to);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
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
