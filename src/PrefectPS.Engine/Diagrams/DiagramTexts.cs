using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Diagrams;

/// <summary>The texts in diagrams.</summary>
internal static class DiagramTexts
{
    /// <summary>A task's label, which marks mapped tasks.</summary>
    public static string LabelOf(FlowTask task) => task.IsMapped ? $"{task.Name} <map>" : task.Name;

    /// <summary>A node's state, duration and attempt; null without a state.</summary>
    public static string? StateOf(DiagramNode node)
    {
        if (node.State is not { } state)
            return null;
        var text = state.Name();
        if (node.Duration is { } duration)
            text += $" · {Of(duration)}";
        return node.RunCount > 1 ? $"{text} · run {node.RunCount.ToString(CultureInfo.InvariantCulture)}" : text;
    }

    /// <summary>A node's details, line by line.</summary>
    public static string DetailsOf(DiagramNode node) =>
        string.Join("\n", new[] { node.Slug, StateOf(node), node.Message }.Where(line => !string.IsNullOrEmpty(line)));

    /// <summary>The number of tasks and, for a run, their states.</summary>
    public static string SummaryOf(Diagram diagram)
    {
        var text = $"{Count(diagram.Nodes.Sum(CountOf), "task")}, {Count(diagram.Edges.Count, "dependency", "dependencies")}";
        var states = diagram.Nodes.Where(node => node.State is not null).GroupBy(node => node.State!.Value).OrderBy(group => group.Key)
            .Select(group => $"{group.Sum(CountOf).ToString(CultureInfo.InvariantCulture)} {group.Key.Name()}").ToArray();
        return states.Length == 0 ? text : $"{text}: {string.Join(", ", states)}";
    }

    /// <summary>Formats a duration: <c>0.25 s</c>, <c>12 s</c>, <c>3:05 min</c>, <c>2:10 h</c>.</summary>
    public static string Of(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 0.001 } => "0 s",
        { TotalSeconds: < 10 } => $"{duration.TotalSeconds.ToString(duration.TotalSeconds < 1 ? "0.###" : "0.#", CultureInfo.InvariantCulture)} s",
        { TotalSeconds: < 59.5 } => $"{duration.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s",
        { TotalHours: < 1 } => $"{duration.ToString(@"m\:ss", CultureInfo.InvariantCulture)} min",
        _ => $"{((long)duration.TotalHours).ToString(CultureInfo.InvariantCulture)}:{duration.ToString("mm", CultureInfo.InvariantCulture)} h",
    };

    private static int CountOf(DiagramNode node) => node.Count ?? 1;

    private static string Count(int count, string one, string? many = null) =>
        $"{count.ToString(CultureInfo.InvariantCulture)} {(count == 1 ? one : many ?? one + "s")}";
}
