using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A task of a run with the state it is in. Immutable.</summary>
public sealed class FlowTaskState
{
    private FlowTaskState[]? _children;

    internal FlowTaskState(FlowTask task, State state, RunIdentity identity, int? mapIndex = null)
    {
        Task = task;
        MapIndex = mapIndex;
        Inner = state;
        Identity = identity;
    }

    /// <summary>The task.</summary>
    public FlowTask Task { get; }

    /// <summary>Slug of the task, with the index of a child: <c>task[3]</c>.</summary>
    public string Slug => ChildSlug.Of(Task, MapIndex);

    /// <summary>Index of the child of a mapped task, from 0; null for a task itself.</summary>
    public int? MapIndex { get; }

    /// <summary>A mapped task's children with their states, in the order of its input; empty for any other task.</summary>
    public IReadOnlyList<FlowTaskState> Children =>
        _children ??= [.. (Inner.Children ?? []).Select((child, index) => new FlowTaskState(Task, child, Identity, index) { Origin = Origin })];

    /// <summary>Run of the subflow that is the task's body; null before it begins and for any other task.</summary>
    public FlowState? Subflow => Inner.SubflowRun;

    /// <summary>Prefect's name of the state.</summary>
    public string State => StateType.Name();

    /// <summary>Message of the state; null if none.</summary>
    public string? Message => Inner.ShownMessage;

    /// <summary>Result of the task; null if none; an array for a mapped task; a <see cref="FlowSecret"/> if sensitive. Read from the store on first use.</summary>
    public object? Result => !Inner.IsResultReadable ? null : Inner.IsResultSecret ? new FlowSecret(Inner.ReadResult()) : Inner.ReadResult();

    /// <summary>Location of the result in the store; null if it is not in one.</summary>
    public string? ResultLocation => Inner.Result?.Location;

    /// <summary>The error of a failed task; null if none.</summary>
    public TaskError? Error => Inner.Error;

    /// <summary>Start of the body or, for Scheduled and its kinds, the due time; UTC. Null if neither is known.</summary>
    public DateTimeOffset? StartTime => Inner.DueTime ?? Inner.Started;

    /// <summary>End of the body; UTC. Null if it has not run.</summary>
    public DateTimeOffset? EndTime => Inner.Ended;

    /// <summary>Duration of the body; null if it has not run.</summary>
    public TimeSpan? Duration => Inner.Ended - Inner.Started;

    /// <summary>Expiry of the cached result; UTC. Null unless Add-FlowTask -CacheFor made the task Cached.</summary>
    public DateTimeOffset? CachedUntil => Inner.CachedUntil;

    /// <summary>Attempt number, from 1.</summary>
    public int RunCount => Inner.RunCount;

    /// <summary>True if the task has ended, successful or not.</summary>
    public bool IsFinished => Inner.IsFinished;

    /// <summary>True if the task succeeded.</summary>
    public bool IsSuccessful => Inner.IsSuccessful;

    /// <summary>True if the task failed.</summary>
    public bool IsFailed => Inner.IsFailed;

    /// <summary>True if the task was skipped.</summary>
    public bool IsSkipped => StateType.IsSkipped();

    /// <summary>True if the task had succeeded and was undone since.</summary>
    public bool IsUndone => Inner.IsUndone;

    /// <summary>Error of the last undo attempt; null if none failed.</summary>
    public TaskError? UndoError => Inner.Undo?.Error;

    /// <summary>True if the task is still to be run.</summary>
    public bool IsPending => StateType.IsPending();

    /// <summary>True if the body is running.</summary>
    public bool IsRunning => StateType.IsRunning();

    /// <summary>The root run, which receives control requests: the task's run, or the one it is nested in.</summary>
    internal RootRun Root => Identity.Root ?? new(Task.Flow, Identity.RunId);

    /// <summary>The type of its state.</summary>
    internal StateType StateType => Inner.Type;

    internal State Inner { get; }

    internal RunIdentity Identity { get; }

    /// <summary>Where the run came from; null if it began here.</summary>
    internal IRunOrigin? Origin { get; init; }

    /// <summary>The slug and the state.</summary>
    public override string ToString() => $"{Slug}: {State}";

    internal FlowTaskState With(State state) => new(Task, state, Identity, MapIndex) { Origin = Origin };
}
