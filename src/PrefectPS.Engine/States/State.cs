using PrefectPS.Results;

namespace PrefectPS.States;

/// <summary>A task's place in the state tree, with what belongs to it. Immutable. Follows <c>prefect.engine.state.State</c>.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Message">What a person is told about it, or null.</param>
internal sealed partial record State(StateType Type, string? Message = null)
{
    // Times as numbers, of which there may be millions: the ticks, counted from 1; 0 for none.
    private readonly long _due;
    private readonly long _started;
    private readonly long _ended;

    /// <summary>Pending: the state of a task that has not run.</summary>
    public static readonly State NotRun = new(StateType.Pending);
    public static readonly State Starting = new(StateType.Running, StateMessages.Starting);
    public static readonly State Succeeded = new(StateType.Success, StateMessages.Succeeded);
    public static readonly State CancelledByBudget = new(StateType.Cancelled, StateMessages.Cancelled);

    /// <summary>What a person is told about it, or null; cut where it is too long to be read again.</summary>
    public string? Message { get; init => field = LimitedText.Long(value); } = LimitedText.Long(Message);

    /// <summary>What the task returned; null where there is none.</summary>
    public TaskResult? Result { get; init; }

    /// <summary>Why it failed; null unless an error did it.</summary>
    public TaskError? Error { get; init; }

    /// <summary>When it is due, for the kinds of Scheduled; UTC.</summary>
    public DateTimeOffset? DueTime { get => TimeOf(_due); init => _due = NumberOf(value); }

    /// <summary>When its body was started; UTC.</summary>
    public DateTimeOffset? Started { get => TimeOf(_started); init => _started = NumberOf(value); }

    /// <summary>When its body had ended; UTC.</summary>
    public DateTimeOffset? Ended { get => TimeOf(_ended); init => _ended = NumberOf(value); }

    /// <summary>The states of a mapped task's children, in the order of its input; null for any other state.</summary>
    public State[]? Children { get; init; }

    /// <summary>Of a Cancelled state: whether the task ended itself so, and is over. Otherwise a budget, or a person, kept it from running.</summary>
    public bool HasEndedItself { get; init; }

    /// <summary>Of a Cancelled state that has ended itself: whether it did because the run was stopped, and can go on where that is taken back.</summary>
    public bool WasStopped { get; init; }

    /// <summary>What it brought from a document of Prefect's; null where that is nothing.</summary>
    public PrefectFields? Prefect { get; init; }

    /// <summary>What belongs to the task across changes of its state. Set by the operations of <c>Transitions.cs</c> only.</summary>
    public TaskProgress Progress { get; private init; } = TaskProgress.Initial;

    /// <inheritdoc cref="TaskProgress.Attempt"/>
    public int RunCount => Progress.Attempt;

    /// <inheritdoc cref="TaskProgress.IsResumed"/>
    public bool IsResumed => Progress.IsResumed;

    /// <inheritdoc cref="TaskProgress.ForceRerun"/>
    public bool ForceRerun => Progress.ForceRerun;

    /// <inheritdoc cref="TaskProgress.LoopCount"/>
    public int LoopCount => Progress.LoopCount;

    /// <inheritdoc cref="TaskProgress.LoopResult"/>
    public TaskResult? LoopResult => Progress.LoopResult;

    /// <inheritdoc cref="TaskProgress.Event"/>
    public AwaitedEvent? Event => Progress.Event;

    /// <inheritdoc cref="TaskProgress.Wait"/>
    public TaskWait? Wait => Progress.Wait;

    /// <inheritdoc cref="TaskProgress.Crashes"/>
    public IReadOnlyList<TaskCrash> Crashes => Progress.Crashes;

    /// <inheritdoc cref="TaskProgress.Goal"/>
    public MapGoal? Goal => Progress.Goal;

    /// <summary>Whether it is a child that was not begun, as the map was over before.</summary>
    public bool IsNotBegun => Type == StateType.Skipped && Children is null && Goal is not null;

    /// <summary>What a person is told about a mapped task by how its children stand, where that is said by a goal; else its message.</summary>
    public string? ShownMessage => Goal is not null && Children is not null && IsFinished ? Goal.Describe(Children) ?? Message : Message;

    /// <inheritdoc cref="TaskProgress.Undo"/>
    public TaskUndo? Undo => Progress.Undo;

    /// <summary>Whether it had ended well, and was undone since.</summary>
    public bool IsUndone => Progress.Undo is { Phase: UndoPhase.Done };

    /// <summary>Whether the undo of the task, of a child or of a task in its subflow is in a phase.</summary>
    public bool HasUndo(UndoPhase phase) =>
        Progress.Undo?.Phase == phase || Progress.SubflowRun?.HasUndo(phase) == true || (Children is not null && Array.Exists(Children, child => child.HasUndo(phase)));

    /// <summary>Whether the task has ended well in this run, by its body: there is something that can be undone.</summary>
    public bool CanBeUndone => Children is null && Ended is not null && Type is StateType.Success or StateType.Cached;

    /// <summary>The state to run from: the one inside a Submitted, Queued or ClientFailed, Pending where there is none; else itself.</summary>
    public State Unwrapped => Type.IsMeta() ? Prefect?.Wrapped ?? NotRun : this;

    /// <summary>Until when a cached result may be used; null where it is not one, or has no end, as that of a target.</summary>
    public DateTimeOffset? CachedUntil => Prefect?.CachedExpiration;

    /// <summary>Whether it has ended; a mapped task when all its children have. One whose children a document did not name is to be mapped again.</summary>
    public bool IsFinished => Type.IsFinished() && (Children is null ? Type != StateType.Mapped : Array.TrueForAll(Children, child => child.IsFinished));

    /// <summary>Whether it has ended well; a mapped task when all its children have or, where it has a goal, that is reached.</summary>
    public bool IsSuccessful => Type.IsSuccessful()
        && (Children is null || (Goal is null ? Array.TrueForAll(Children, child => child.IsSuccessful) : IsFinished && Goal.Judge(Children) == MapVerdict.Reached));

    /// <summary>Whether it has ended badly; a mapped task when a child has or, where it has a goal, that is missed.</summary>
    public bool IsFailed => Type.IsFailed()
        || (Children is not null && (Goal is null ? Array.Exists(Children, child => child.IsFailed) : Goal.Judge(Children) is MapVerdict.TooManyFailed or MapVerdict.TooFewGood));

    /// <summary>Whether a budget kept it from running: a later step may run it.</summary>
    public bool IsCancelledByBudget => Type == StateType.Cancelled && !HasEndedItself;

    /// <summary>
    /// Whether nothing is known of a result: the task was skipped, ended by a signal without one, or was read from a document that does not hold it.
    /// A body that ran to its end and put out nothing has the result null.
    /// </summary>
    public bool LacksResult => Result is null ? Type.IsSkipped() || Ended is null : Result.IsMissing;

    /// <summary>Whether its task succeeded, and the document that it was read from does not hold the result.</summary>
    public bool IsResultUnknown => Result is null && Children is null && Ended is null && Type.IsSuccessful() && !Type.IsSkipped();

    /// <summary>The result, where something is known of it.</summary>
    public TaskResult? KnownResult => Result is { IsMissing: true } ? null : Result;

    /// <summary>Whether the result can be had; it cannot where it is in a store that the flow was not given.</summary>
    public bool IsResultReadable => Children is null ? Result?.IsReadable != false : Array.TrueForAll(Children, child => child.IsResultReadable);

    /// <summary>Whether the result, or a child's, was a secret, and is gone.</summary>
    public bool IsResultLost => Children is null ? Result?.IsLost == true : Array.Exists(Children, child => child.IsResultLost);

    /// <summary>Whether the result, or a child's, is one that a plan says would be made.</summary>
    public bool IsResultNotMade => Children is null ? Result?.IsNotMade == true : Array.Exists(Children, child => child.IsResultNotMade);

    /// <summary>Whether the result, or a child's, is never written.</summary>
    public bool IsResultSecret => Children is null ? Result?.IsSecret == true : Array.Exists(Children, child => child.IsResultSecret);

    /// <summary>The children whose results are the task's: all or, where it has a goal, those that have succeeded. Null for any other state.</summary>
    public State[]? CountedChildren => Goal is null || Children is null ? Children : MapGoal.GoodOf(Children);

    /// <summary>What the task returned, of a mapped task what its children did, as an array; null for nothing.</summary>
    /// <exception cref="FlowException">It cannot be read: <see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    public object? ReadResult() => CountedChildren is not { } children ? Result?.Value : Array.ConvertAll(children, child => child.ReadResult());

    /// <summary>The result as one: of a mapped task those of its children, as an array; a secret where one of them is.</summary>
    /// <exception cref="FlowException">It cannot be read: <see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    public TaskResult? WholeResult() =>
        Children is null ? Result
        : IsResultLost ? TaskResult.Lost
        : IsResultSecret ? TaskResult.Secret(ReadResult())
        : TaskResult.Of(ReadResult());

    /// <summary>Whether the state says that its task waits for a time after <paramref name="now"/>.</summary>
    public bool IsDueAfter(DateTimeOffset now) => Type.IsScheduled() && DueTime > now;

    /// <summary>Whether the task waits as long as it is delayed by.</summary>
    public bool IsDelayed => Type == StateType.Scheduled && Wait is { HasPolled: false, Until: null } && !StateMessages.IsAwaitingPlace(Message);

    /// <summary>Whether the task has polled, and waits for its next poll.</summary>
    public bool HasPolled => Type == StateType.Scheduled && Wait is { HasPolled: true };

    /// <summary>Whether some of the task's work is done, which being cancelled would lose.</summary>
    public bool IsProgress => LoopCount > 1 || Children is not null || Progress.SubflowRun is not null;

    /// <summary>Whether nothing but word from outside can let the task go on.</summary>
    public bool AwaitsApproval => Type == StateType.Paused && DueTime is null;

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
