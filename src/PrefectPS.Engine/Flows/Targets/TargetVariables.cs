using System.Globalization;

namespace PrefectPS.Flows;

/// <summary>Values of target variables for one task of one run. Variables and meanings are Prefect's.</summary>
/// <remarks>
/// Dates are UTC and derive from the run's start; local dates among the values use the zone the run began in, so that every step finds what earlier ones
/// wrote.
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

    // The others are strings and take no format.
    private static readonly HashSet<string> WithFormat = ["date", "scheduled_start_time", "task_run_count", "task_loop_count", "map_index"];

    // Unique per child of a mapped task.
    private static readonly HashSet<string> UniquePerChild = ["map_index", "task_full_name", "task_run_id", "task_run_name"];

    /// <summary>All variable names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Keys.OrderBy(n => n, StringComparer.Ordinal)];

    /// <summary>Index of the child of a mapped task; null for a task itself.</summary>
    internal int? MapIndex => Context.MapIndex;

    /// <summary>Execution context of the task.</summary>
    internal FlowContext Context { get; } = context;

    private FlowTask Task { get; } = task;

    private RunIdentity Run { get; } = run;

    private string Slug => ChildSlug.Of(Task, MapIndex);

    private string FullName => MapIndex is { } index ? ChildSlug.Of(Task.Name, index) : Task.Name;

    private DateTime Date => Run.Started.UtcDateTime;

    /// <summary>True if the variable accepts a format.</summary>
    internal static bool TakesFormat(string name) => WithFormat.Contains(name);

    /// <summary>Value of a variable; a local date is in the run's zone, with its offset.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: the value is secret, or a date in a zone unknown here.</exception>
    internal object? Get(TargetName name, string target) => TargetZone.Settle(Task.Flow.Services.Values.Unwrap(Value(name, target)), Run.Zone, target);

    /// <summary>Value of a variable as code expects it: a local date stays a <see cref="DateTime"/>, in the run's zone.</summary>
    /// <inheritdoc cref="Get"/>
    internal object? GetForCode(TargetName name, string target)
    {
        var value = Value(name, target);
        return Task.Flow.Services.Values.Unwrap(value) is DateTime && Get(name, target) is DateTimeOffset settled ? settled.DateTime : value;
    }

    /// <summary>True if the variable has a different value for each child of a mapped task.</summary>
    internal bool DiffersPerChild(TargetName name) => name.Source == TargetSource.Input
        ? arguments.IsElement(arguments.IndexOf(name.Name))
        : name.Source == TargetSource.Variable && UniquePerChild.Contains(name.Name);

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
