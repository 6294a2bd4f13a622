using PrefectPS.Results;

namespace PrefectPS.States;

/// <summary>A task's place in the state tree, with what belongs to it. Immutable. Follows <c>prefect.engine.state.State</c>.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Message">What a person is told about it, or null.</param>
public sealed partial record State(StateType Type, string? Message = null)
{
    // Times as numbers, of which there may be millions: the ticks, counted from 1; 0 for none.
    private readonly long _due;
    private readonly long _started;
    private readonly long _ended;

    /// <summary>Pending: the state of a task that has not run.</summary>
    public static readonly State NotRun = new(StateType.Pending);
    internal static readonly State Starting = new(StateType.Running, StateMessages.Starting);
    internal static readonly State Succeeded = new(StateType.Success, StateMessages.Succeeded);
    internal static readonly State CancelledByBudget = new(StateType.Cancelled, StateMessages.Cancelled);

    /// <summary>What a person is told about it, or null; cut where it is too long to be read again.</summary>
    internal string? Message { get; init => field = LimitedText.Long(value); } = LimitedText.Long(Message);

    /// <summary>What the task returned; null where there is none.</summary>
    public TaskResult? Result { get; init; }

    /// <summary>Why it failed; null unless an error did it.</summary>
    public TaskError? Error { get; init; }

    /// <summary>When it is due, for the kinds of Scheduled; UTC.</summary>
    public DateTimeOffset? DueTime { get => TimeOf(_due); init => _due = NumberOf(value); }

    /// <summary>When its body was started; UTC.</summary>
    internal DateTimeOffset? Started { get => TimeOf(_started); init => _started = NumberOf(value); }

    /// <summary>When its body had ended; UTC.</summary>
    internal DateTimeOffset? Ended { get => TimeOf(_ended); init => _ended = NumberOf(value); }

    /// <summary>The states of a mapped task's children, in the order of its input; null for any other state.</summary>
    public State[]? Children { get; init; }

    /// <summary>Of a Cancelled state: whether the task ended itself so, and is over. Otherwise a budget, or a person, kept it from running.</summary>
    internal bool HasEndedItself { get; init; }

    /// <summary>Of a Cancelled state that has ended itself: whether it did because the run was stopped, and can go on where that is taken back.</summary>
    internal bool WasStopped { get; init; }

    /// <summary>What it brought from a document of Prefect's; null where that is nothing.</summary>
    internal PrefectFields? Prefect { get; init; }

    /// <summary>What belongs to the task across changes of its state. Set by the operations of <c>Transitions.cs</c> only.</summary>
    internal TaskProgress Progress { get; private init; } = TaskProgress.Initial;

    /// <inheritdoc cref="TaskProgress.Attempt"/>
    internal int RunCount => Progress.Attempt;

    /// <inheritdoc cref="TaskProgress.IsResumed"/>
    internal bool IsResumed => Progress.IsResumed;

    /// <inheritdoc cref="TaskProgress.ForceRerun"/>
    internal bool ForceRerun => Progress.ForceRerun;

    /// <inheritdoc cref="TaskProgress.LoopCount"/>
    internal int LoopCount => Progress.LoopCount;

    /// <inheritdoc cref="TaskProgress.LoopResult"/>
    internal TaskResult? LoopResult => Progress.LoopResult;

    /// <inheritdoc cref="TaskProgress.Event"/>
    public AwaitedEvent? Event => Progress.Event;

    /// <inheritdoc cref="TaskProgress.Wait"/>
    internal TaskWait? Wait => Progress.Wait;

    /// <inheritdoc cref="TaskProgress.Crashes"/>
    internal IReadOnlyList<TaskCrash> Crashes => Progress.Crashes;

    /// <inheritdoc cref="TaskProgress.Goal"/>
    internal MapGoal? Goal => Progress.Goal;

    /// <summary>Whether it is a child that was not begun, as the map was over before.</summary>
    internal bool IsNotBegun => Type == StateType.Skipped && Children is null && Goal is not null;

    /// <summary>What a person is told about a mapped task by how its children stand, where that is said by a goal; else its message.</summary>
    internal string? ShownMessage => Goal is not null && Children is not null && IsFinished ? Goal.Describe(Children) ?? Message : Message;

    /// <inheritdoc cref="TaskProgress.Undo"/>
    internal TaskUndo? Undo => Progress.Undo;

    /// <summary>Whether it had ended well, and was undone since.</summary>
    internal bool IsUndone => Progress.Undo is { Phase: UndoPhase.Done };

    /// <summary>Whether the undo of the task, of a child or of a task in its subflow is in a phase.</summary>
    internal bool HasUndo(UndoPhase phase) =>
        Progress.Undo?.Phase == phase || Progress.SubflowRun?.HasUndo(phase) == true || (Children is not null && Array.Exists(Children, child => child.HasUndo(phase)));

    /// <summary>Whether the task has ended well in this run, by its body: there is something that can be undone.</summary>
    internal bool CanBeUndone => Children is null && Ended is not null && Type is StateType.Success or StateType.Cached;

    /// <summary>The state to run from: the one inside a Submitted, Queued or ClientFailed, Pending where there is none; else itself.</summary>
    internal State Unwrapped => Type.IsMeta() ? Prefect?.Wrapped ?? NotRun : this;

    /// <summary>Until when a cached result may be used; null where it is not one, or has no end, as that of a target.</summary>
    internal DateTimeOffset? CachedUntil => Prefect?.CachedExpiration;

    /// <summary>Whether it has ended; a mapped task when all its children have. One whose children a document did not name is to be mapped again.</summary>
    public bool IsFinished => Type.IsFinished() && (Children is null ? Type != StateType.Mapped : Array.TrueForAll(Children, child => child.IsFinished));

    /// <summary>Whether it has ended well; a mapped task when all its children have or, where it has a goal, that is reached.</summary>
    internal bool IsSuccessful => Type.IsSuccessful()
        && (Children is null || (Goal is null ? Array.TrueForAll(Children, child => child.IsSuccessful) : IsFinished && Goal.Judge(Children) == MapVerdict.Reached));

    /// <summary>Whether it has ended badly; a mapped task when a child has or, where it has a goal, that is missed.</summary>
    public bool IsFailed => Type.IsFailed()
        || (Children is not null && (Goal is null ? Array.Exists(Children, child => child.IsFailed) : Goal.Judge(Children) is MapVerdict.TooManyFailed or MapVerdict.TooFewGood));

    /// <summary>Whether a budget kept it from running: a later step may run it.</summary>
    internal bool IsCancelledByBudget => Type == StateType.Cancelled && !HasEndedItself;

    /// <summary>
    /// Whether nothing is known of a result: the task was skipped, ended by a signal without one, or was read from a document that does not hold it.
    /// A body that ran to its end and put out nothing has the result null.
    /// </summary>
    internal bool LacksResult => Result is null ? Type.IsSkipped() || Ended is null : Result.IsMissing;

    /// <summary>Whether its task succeeded, and the document that it was read from does not hold the result.</summary>
    internal bool IsResultUnknown => Result is null && Children is null && Ended is null && Type.IsSuccessful() && !Type.IsSkipped();

    /// <summary>The result, where something is known of it.</summary>
    internal TaskResult? KnownResult => Result is { IsMissing: true } ? null : Result;

    /// <summary>Whether the result can be had; it cannot where it is in a store that the flow was not given.</summary>
    internal bool IsResultReadable => Children is null ? Result?.IsReadable != false : Array.TrueForAll(Children, child => child.IsResultReadable);

    /// <summary>Whether the result, or a child's, was a secret, and is gone.</summary>
    internal bool IsResultLost => Children is null ? Result?.IsLost == true : Array.Exists(Children, child => child.IsResultLost);

    /// <summary>Whether the result, or a child's, is one that a plan says would be made.</summary>
    internal bool IsResultNotMade => Children is null ? Result?.IsNotMade == true : Array.Exists(Children, child => child.IsResultNotMade);

    /// <summary>Whether the result, or a child's, is never written.</summary>
    internal bool IsResultSecret => Children is null ? Result?.IsSecret == true : Array.Exists(Children, child => child.IsResultSecret);

    /// <summary>The children whose results are the task's: all or, where it has a goal, those that have succeeded. Null for any other state.</summary>
    internal State[]? CountedChildren => Goal is null || Children is null ? Children : MapGoal.GoodOf(Children);

    /// <summary>What the task returned, of a mapped task what its children did, as an array; null for nothing.</summary>
    /// <exception cref="FlowException">It cannot be read: <see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    public object? ReadResult() => CountedChildren is not { } children ? Result?.Value : Array.ConvertAll(children, child => child.ReadResult());

    /// <summary>The result as one: of a mapped task those of its children, as an array; a secret where one of them is.</summary>
    /// <exception cref="FlowException">It cannot be read: <see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    internal TaskResult? WholeResult() =>
        Children is null ? Result
        : IsResultLost ? TaskResult.Lost
        : IsResultSecret ? TaskResult.Secret(ReadResult())
        : TaskResult.Of(ReadResult());

    /// <summary>Whether the state says that its task waits for a time after <paramref name="now"/>.</summary>
    internal bool IsDueAfter(DateTimeOffset now) => Type.IsScheduled() && DueTime > now;

    /// <summary>Whether the task waits as long as it is delayed by.</summary>
    internal bool IsDelayed => Type == StateType.Scheduled && Wait is { HasPolled: false, Until: null } && !StateMessages.IsAwaitingPlace(Message);

    /// <summary>Whether the task has polled, and waits for its next poll.</summary>
    internal bool HasPolled => Type == StateType.Scheduled && Wait is { HasPolled: true };

    /// <summary>Whether some of the task's work is done, which being cancelled would lose.</summary>
    internal bool IsProgress => LoopCount > 1 || Children is not null || Progress.SubflowRun is not null;

    /// <summary>Whether nothing but word from outside can let the task go on.</summary>
    internal bool AwaitsApproval => Type == StateType.Paused && DueTime is null;

    /// <summary>Whether a person can let the task go on.</summary>
    public bool CanBeApproved => AwaitsApproval || Event is { IsWaiting: true };

    /// <summary>Whether a child of the task, or a task of its subflow, waits for an approval or an event: then that of the task is for those.</summary>
    public bool AwaitsApprovalInside =>
        Children is { } children ? Array.Exists(children, child => child.CanBeApproved || child.AwaitsApprovalInside)
        : !IsFinished && Progress.SubflowRun is { AwaitsApproval: true };

    private static long NumberOf(DateTimeOffset? time) => time is { } given ? given.UtcTicks + 1 : 0;

    private static DateTimeOffset? TimeOf(long number) => number == 0 ? null : new(number - 1, TimeSpan.Zero);

    /// <summary>The type, the message and the children.</summary>
    public override string ToString() => $"{Type.Name()} '{Message}'{(Children is null ? "" : $" [{string.Join<State>(", ", Children)}]")}";
}
