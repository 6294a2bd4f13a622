using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Notifications;

/// <summary>What is told of a run, so that a person can act on it: what has become of it, which tasks say why, and the lines that go on. Immutable.</summary>
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

    /// <summary>Why it is told; null where nothing is said.</summary>
    public string? Reason { get; init; }

    /// <summary>What is to be said about the state.</summary>
    public string Message { get; private init; } = string.Empty;

    /// <summary>The store that the run is on record in; null for none.</summary>
    public string? Store { get; private init; }

    /// <summary>How many steps the run has had.</summary>
    public int Step { get; private init; }

    /// <summary>When the run was started; UTC.</summary>
    public DateTimeOffset? Started { get; private init; }

    /// <summary>When it goes on by itself; UTC. Null where nothing is due later.</summary>
    public DateTimeOffset? NextStartTime { get; private init; }

    /// <summary>The tasks that say why, the cause of others first.</summary>
    public IReadOnlyList<NoticedTask> Tasks { get; private init; } = [];

    /// <summary>How many tasks more would say why.</summary>
    public int MoreTasks { get; private init; }

    /// <summary>What to do, and the line that does it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Commands { get; private init; } = [];

    /// <summary>Pages to open: titles and addresses.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Links { get; init; } = [];

    /// <summary>In one line.</summary>
    public string Title => $"{Flow}: {Reason ?? State}";

    /// <summary>A notice of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="store">The store that it is on record in; null for none.</param>
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

    /// <summary>A notice of a run on record of whose tasks nothing is known.</summary>
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

    // Of tasks whose trigger failed another one says why; they come last.
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
