using System.Globalization;

namespace PrefectPS.Flows;

/// <summary>What the names in a target stand for, for one task of one run. The variables and their meanings are Prefect's.</summary>
/// <remarks>
/// Dates are UTC and those of the run's start, and local ones among the values are of the zone that it began in, so that every step of a run finds what an earlier
/// one wrote.
/// </remarks>
public readonly struct TargetVariables(FlowTask task, RunIdentity run, TaskArguments arguments, FlowContext context)
{
    private static readonly Dictionary<string, Func<TargetVariables, object>> Table = new(StringComparer.Ordinal)
    {
        ["date"] = v => v.Date,
        ["scheduled_start_time"] = v => v.Run.ScheduledStartTime.UtcDateTime,
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
        ["task_full_name"] = v => v.FullName,
        ["task_slug"] = v => v.Task.Slug,
        ["task_id"] = v => v.Task.Slug,
        ["task_run_id"] = v => $"{v.Run.RunId}.{v.Slug}",
        ["task_run_name"] = v => v.FullName,
        ["task_run_count"] = v => v.Context.RunCount,
        ["task_loop_count"] = v => v.Context.LoopCount,
        ["task_tags"] = v => string.Join(",", v.Task.Tags),
        ["map_index"] = v => v.MapIndex is { } index ? index : "None",
    };

    // The others are texts, which a format would do nothing to.
    private static readonly HashSet<string> WithFormat = ["date", "scheduled_start_time", "task_run_count", "task_loop_count", "map_index"];

    // A child's value of these is no other child's.
    private static readonly HashSet<string> OfOneChild = ["map_index", "task_full_name", "task_run_id", "task_run_name"];

    /// <summary>All names, in a fixed order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Keys.OrderBy(n => n, StringComparer.Ordinal)];

    /// <summary>Which child of a mapped task it is; null for a task itself.</summary>
    internal int? MapIndex => Context.MapIndex;

    /// <summary>Where the task runs, as its body sees it.</summary>
    internal FlowContext Context { get; } = context;

    private FlowTask Task { get; } = task;

    private RunIdentity Run { get; } = run;

    private string Slug => ChildSlug.Of(Task, MapIndex);

    private string FullName => MapIndex is { } index ? ChildSlug.Of(Task.Name, index) : Task.Name;

    private DateTime Date => Run.Started.UtcDateTime;

    /// <summary>Whether the variable is of a kind that can be written in several ways.</summary>
    internal static bool TakesFormat(string name) => WithFormat.Contains(name);

    /// <summary>What a name stands for; a local date as it is where the run began, with its offset.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.TargetInvalid"/>: it is a secret, of the target that is given, or a date of a zone that is not known here.
    /// </exception>
    internal object? Get(TargetName name, string target) => TargetZone.Settle(Task.Flow.Services.Values.Unwrap(Value(name, target)), Run.Zone, target);

    /// <summary>What a name stands for, as code expects it: a local date is a date still, with the time that it is where the run began.</summary>
    /// <inheritdoc cref="Get"/>
    internal object? GetForCode(TargetName name, string target)
    {
        var value = Value(name, target);
        return Task.Flow.Services.Values.Unwrap(value) is DateTime && Get(name, target) is DateTimeOffset settled ? settled.DateTime : value;
    }

    /// <summary>Whether what a name stands for is another thing, or one of another's likeness, for each child of a mapped task.</summary>
    internal bool TellsApart(TargetName name) => name.Source == TargetSource.Input
        ? arguments.IsElement(arguments.IndexOf(name.Name))
        : name.Source == TargetSource.Variable && OfOneChild.Contains(name.Name);

    private object? Value(TargetName name, string target) => name.Source switch
    {
        TargetSource.Input => GetInput(name.Name, target),
        TargetSource.Parameter => Run.IsSecret(name.Name) ? throw IsSecret(name.Name, target) : Run.Parameters[name.Name],
        _ => Table[name.Name](this),
    };

    private object? GetInput(string name, string target)
    {
        var index = arguments.IndexOf(name);
        return arguments.HoldsSecret(index)
            ? throw IsSecret(name, target)
            : arguments[index].Value;
    }

    private static FlowException IsSecret(string name, string target) => FlowErrors.TargetInvalid(target, $"'{name}' is a secret, which is never written");

    private string Day(int offset, string format) => Date.AddDays(offset).ToString(format, CultureInfo.InvariantCulture);
}
