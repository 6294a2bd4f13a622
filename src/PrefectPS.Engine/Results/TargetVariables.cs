using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Results;

/// <summary>What a target's variables stand for, for one task of one run. The names and meanings are Prefect's.</summary>
/// <remarks>Dates are UTC and those of the run's start, so that every step of a run finds what an earlier one wrote.</remarks>
internal readonly struct TargetVariables(TaskRun task, RunInfo run)
{
    private static readonly Dictionary<string, Func<TargetVariables, object>> Table = new(StringComparer.Ordinal)
    {
        ["date"] = v => v.Date,
        ["scheduled_start_time"] = v => v.Date,
        ["today"] = v => v.Day(0, "yyyy-MM-dd"),
        ["yesterday"] = v => v.Day(-1, "yyyy-MM-dd"),
        ["tomorrow"] = v => v.Day(1, "yyyy-MM-dd"),
        ["today_nodash"] = v => v.Day(0, "yyyyMMdd"),
        ["yesterday_nodash"] = v => v.Day(-1, "yyyyMMdd"),
        ["tomorrow_nodash"] = v => v.Day(1, "yyyyMMdd"),
        ["flow_name"] = v => v.Task.Flow.Name,
        ["flow_id"] = v => v.Task.Flow.Name,
        ["flow_run_id"] = v => v.Run.RunId,
        ["flow_run_name"] = v => v.Run.RunId,
        ["task_name"] = v => v.Task.Name,
        ["task_full_name"] = v => v.MapIndex is { } index ? $"{v.Task.Name}[{index}]" : v.Task.Name,
        ["task_slug"] = v => v.Task.Slug,
        ["task_id"] = v => v.Task.Slug,
        ["task_run_count"] = v => v.RunCount,
        ["task_tags"] = v => string.Join(",", v.Task.Tags),
        ["map_index"] = v => v.MapIndex is { } index ? index : "None",
    };

    // The others are texts, which a format would do nothing to.
    private static readonly HashSet<string> WithFormat = ["date", "scheduled_start_time", "task_run_count", "map_index"];

    /// <summary>All names, in a fixed order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Keys.OrderBy(n => n, StringComparer.Ordinal)];

    /// <summary>Which child of a mapped task it is; null for a task itself.</summary>
    public int? MapIndex { get; } = task.MapIndex;

    private FlowTask Task { get; } = task.Task;

    private RunInfo Run { get; } = run;

    private int RunCount { get; } = task.Attempt;

    private DateTime Date => Run.Started.UtcDateTime;

    /// <summary>Whether there is a variable of this name.</summary>
    public static bool Has(string name) => Table.ContainsKey(name);

    /// <summary>Whether the variable is of a kind that can be written in several ways.</summary>
    public static bool TakesFormat(string name) => WithFormat.Contains(name);

    /// <summary>The variable's value.</summary>
    public object Get(string name) => Table[name](this);

    /// <summary>The value of a parameter of the flow.</summary>
    public object? GetParameter(string name) => Run.Parameters[name];

    private string Day(int offset, string format) => Date.AddDays(offset).ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}
