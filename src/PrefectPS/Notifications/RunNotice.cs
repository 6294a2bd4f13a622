using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Notifications;

/// <summary>The content of a notification: the run's state, the tasks that explain it, and the commands to continue. Immutable.</summary>
internal sealed record RunNotice
{
    private const int MaxTasks = 5;
    private const int MaxLength = 500;

    /// <summary>The flow's name.</summary>
    public string Flow { get; private init; } = string.Empty;

    /// <summary>The run's id.</summary>
    public string RunId { get; private init; } = string.Empty;

    /// <summary>The name of the run's state.</summary>
    public string State { get; private init; } = string.Empty;

    /// <summary>The reason of the notification; null for none.</summary>
    public string? Reason { get; init; }

    /// <summary>The message of the state.</summary>
    public string Message { get; private init; } = string.Empty;

    /// <summary>The store that contains the run; null for none.</summary>
    public string? Store { get; private init; }

    /// <summary>How many steps the run has had.</summary>
    public int Step { get; private init; }

    /// <summary>When the run was started; UTC.</summary>
    public DateTimeOffset? Started { get; private init; }

    /// <summary>When its next task is due, in UTC; null if nothing is due later.</summary>
    public DateTimeOffset? NextStartTime { get; private init; }

    /// <summary>The tasks that explain the state, root causes first.</summary>
    public IReadOnlyList<NoticedTask> Tasks { get; private init; } = [];

    /// <summary>How many such tasks are omitted.</summary>
    public int MoreTasks { get; private init; }

    /// <summary>Actions and their commands.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Commands { get; private init; } = [];

    /// <summary>Links: titles and addresses.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Links { get; init; } = [];

    /// <summary>In one line.</summary>
    public string Title => $"{Flow}: {Reason ?? State}";

    /// <summary>A notice of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="store">The store that contains the run; null for none.</param>
    public static RunNotice Of(FlowState run, string? store)
    {
        List<(string Path, FlowTaskState State)> found = [.. TasksThatSayWhy(run)];
        return new()
        {
            Flow = run.Flow.Name,
            RunId = run.RunId,
            State = run.State.ToString(),
            Message = Cut(run.Message),
            Store = store,
            Step = run.Step,
            Started = run.StartTime,
            NextStartTime = run.NextStartTime,
            Tasks = [.. found.Take(MaxTasks).Select(each => Of(each.Path, each.State))],
            MoreTasks = Math.Max(0, found.Count - MaxTasks),
            Commands = store is null ? [] : NoticeCommands.Of(run, store, found.Select(each => (each.Path, each.State.Inner))),
        };
    }

    /// <summary>A notice of a recorded run whose tasks are not known.</summary>
    public static RunNotice Of(FlowRun run) => new()
    {
        Flow = run.Flow,
        RunId = run.RunId,
        State = run.State.ToString(),
        Message = Cut(run.Message),
        Store = run.Store,
        Step = run.Step,
        Started = run.StartTime,
        NextStartTime = run.NextStartTime,
        Commands = NoticeCommands.Of(run),
    };

    // Tasks with a failed trigger come last, because another task is the cause.
    private static IEnumerable<(string Path, FlowTaskState State)> TasksThatSayWhy(FlowState run) =>
        run.IsStopped ? []
        : run.IsOver ? TaskLeaves.Of(run, task => task.IsFailed).OrderBy(each => each.State.StateType == StateType.TriggerFailed)
        : TaskLeaves.Of(run, task => task.IsFailed || task.Inner.CanBeApproved || task.Inner.AwaitsApprovalInside)
            .Where(each => each.State.IsFailed || each.State.Inner.CanBeApproved)
            .OrderBy(each => each.State.IsFailed);

    private static NoticedTask Of(string path, FlowTaskState task) =>
        new(path, task.State.ToString(), Cut(task.Error?.Message ?? task.Message ?? string.Empty), PlaceOf(task.Error));

    private static string? PlaceOf(TaskError? error) =>
        error is null or { Line: 0 } ? null : Cut($"{error.ScriptName ?? "<no file>"}:{error.Line}{(error.LineText is null ? string.Empty : $" {error.LineText}")}");

    private static string Cut(string text) => NoticeText.Cut(text, MaxLength);
}
