using System.Globalization;
using System.Text;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Tasks;

namespace PrefectPS.Progress;

/// <summary>A run as Markdown: its outcome and its tasks, failed ones first if there are many.</summary>
internal static class CISummary
{
    private const int MostRows = 200;
    private const int LongestMessage = 300;
    private const string Special = "\\`*_[]|<>&!#~";

    /// <summary>The summary of a run after a step.</summary>
    public static string Of(FlowState run)
    {
        var text = new StringBuilder();
        text.Append($"### Flow {Cell(run.Flow.Name)}: {run.State}\n\n");
        text.Append($"Run {Cell(run.RunId)}, step {run.Step.ToString(CultureInfo.InvariantCulture)}. {Cell(run.Message)}\n\n");
        text.Append("| Task | State | Duration | Message |\n| --- | --- | --- | --- |\n");
        var rows = RowsOf(run, string.Empty).ToList();
        var shown = rows.Count <= MostRows ? rows : [.. rows.OrderBy(row => row.Task.IsFailed ? 0 : row.Task.IsFinished ? 2 : 1).Take(MostRows)];
        foreach (var (path, task) in shown)
            text.Append($"| {Cell(path)} | {task.State} | {Duration(task)} | {Cell(task.Message ?? string.Empty)} |\n");
        if (rows.Count > shown.Count)
            text.Append($"\n{(rows.Count - shown.Count).ToString(CultureInfo.InvariantCulture)} more tasks are not shown.\n");
        return text.Append('\n').ToString();
    }

    private static IEnumerable<(string Path, FlowTaskState Task)> RowsOf(FlowState run, string path) =>
        from task in run.Tasks
        from part in task.Children.Prepend(task)
        from row in (part.Subflow is { } inner ? RowsOf(inner, $"{path}{part.Slug}/") : []).Prepend((path + part.Slug, part))
        select row;

    private static string Duration(FlowTaskState task) =>
        task.Duration is { } time ? time.ToString(time.Days > 0 ? @"d\.hh\:mm\:ss" : @"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture) : string.Empty;

    // A single escaped line of text.
    private static string Cell(string text)
    {
        var cell = new StringBuilder();
        foreach (var c in TerminalText.Of(text.Length > LongestMessage ? $"{text.Substring(0, LongestMessage)}…" : text))
            cell.Append(c is '\n' or '\r' or '\t' ? " " : Special.Contains(c) ? $"\\{c}" : c.ToString());
        return cell.ToString();
    }
}
