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

    /// <summary>The task's slug; a child's has its index behind it: <c>task[3]</c>.</summary>
    public string Slug => ChildSlug.Of(Task, MapIndex);

    /// <summary>Which child of a mapped task this is, from 0; null for a task itself.</summary>
    public int? MapIndex { get; }

    /// <summary>A mapped task's children with their states, in the order of its input; empty for any other task.</summary>
    public IReadOnlyList<FlowTaskState> Children =>
        _children ??= [.. (Inner.Children ?? []).Select((child, index) => new FlowTaskState(Task, child, Identity, index) { Origin = Origin })];

    /// <summary>The run of the flow that is the task's body; null before it begins and for any other task.</summary>
    public FlowState? Subflow => Inner.SubflowRun;

    /// <summary>The name of its state, as Prefect has it.</summary>
    public string State => StateType.Name();

    /// <summary>What is to be said about it; null for nothing.</summary>
    public string? Message => Inner.ShownMessage;

    /// <summary>
    /// What the task returned; null for nothing; of a mapped task an array; a <see cref="FlowSecret"/> where it is sensitive. Read from the flow's store on
    /// first use.
    /// </summary>
    public object? Result => !Inner.IsResultReadable ? null : Inner.IsResultSecret ? new FlowSecret(Inner.ReadResult()) : Inner.ReadResult();

    /// <summary>Where in the store the result is; null where it is not in one.</summary>
    public string? ResultLocation => Inner.Result?.Location;

    /// <summary>Why it failed; null unless an error did it.</summary>
    public TaskError? Error => Inner.Error;

    /// <summary>When its body was started or, for Scheduled and its kinds, when it is due; UTC. Null where neither is known.</summary>
    public DateTimeOffset? StartTime => Inner.DueTime ?? Inner.Started;

    /// <summary>When its body had ended; UTC. Null where it has not run.</summary>
    public DateTimeOffset? EndTime => Inner.Ended;

    /// <summary>How long its body ran; null where it has not run.</summary>
    public TimeSpan? Duration => Inner.Ended - Inner.Started;

    /// <summary>Until when its result is used in place of running it; UTC. Only of what Add-FlowTask -CacheFor made Cached, else null.</summary>
    public DateTimeOffset? CachedUntil => Inner.CachedUntil;

    /// <summary>The number of the attempt, from 1.</summary>
    public int RunCount => Inner.RunCount;

    /// <summary>Whether it has ended, well or not.</summary>
    public bool IsFinished => Inner.IsFinished;

    /// <summary>Whether it has ended well.</summary>
    public bool IsSuccessful => Inner.IsSuccessful;

    /// <summary>Whether it has ended badly.</summary>
    public bool IsFailed => Inner.IsFailed;

    /// <summary>Whether it was skipped.</summary>
    public bool IsSkipped => StateType.IsSkipped();

    /// <summary>Whether it had ended well, and was undone since.</summary>
    public bool IsUndone => Inner.IsUndone;

    /// <summary>Why it could not be undone, or not yet; null where nothing has failed at that.</summary>
    public TaskError? UndoError => Inner.Undo?.Error;

    /// <summary>Whether it is still to be run.</summary>
    public bool IsPending => StateType.IsPending();

    /// <summary>Whether its body is being run.</summary>
    public bool IsRunning => StateType.IsRunning();

    /// <summary>The run that others ask something of: the task's own or, in a subflow, that which it is in.</summary>
    internal RootRun Root => Identity.Root ?? new(Task.Flow, Identity.RunId);

    /// <summary>The type of its state.</summary>
    internal StateType StateType => Inner.Type;

    internal State Inner { get; }

    internal RunIdentity Identity { get; }

    /// <summary>What brought its run to this process; null for nothing.</summary>
    internal IRunOrigin? Origin { get; init; }

    /// <summary>The slug and the state.</summary>
    public override string ToString() => $"{Slug}: {State}";

    internal FlowTaskState With(State state) => new(Task, state, Identity, MapIndex) { Origin = Origin };
}
