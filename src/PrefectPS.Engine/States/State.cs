using PrefectPS.Results;

namespace PrefectPS.States;

/// <summary>The state of a task: its type, result, error, times and progress. Immutable. Follows <c>prefect.engine.state.State</c>.</summary>
/// <param name="Type">Type of the state.</param>
/// <param name="Message">Message for people; null if none.</param>
public sealed partial record State(StateType Type, string? Message = null)
{
    // Times as numbers, as there may be millions: ticks + 1; 0 for none.
    private readonly long _due;
    private readonly long _started;
    private readonly long _ended;

    /// <summary>Pending: the state of a task that has not run.</summary>
    public static readonly State NotRun = new(StateType.Pending);
    internal static readonly State Starting = new(StateType.Running, StateMessages.Starting);
    internal static readonly State Succeeded = new(StateType.Success, StateMessages.Succeeded);
    internal static readonly State CancelledByBudget = new(StateType.Cancelled, StateMessages.Cancelled);

    /// <summary>Message for people; null if none; cut to the length that can be read back.</summary>
    public string? Message { get; init => field = TruncatedText.Long(value); } = TruncatedText.Long(Message);

    /// <summary>Result of the task; null if none.</summary>
    public TaskResult? Result { get; init; }

    /// <summary>Error of a failed task; null if none.</summary>
    public TaskError? Error { get; init; }

    /// <summary>Due time, for the kinds of Scheduled; UTC.</summary>
    public DateTimeOffset? DueTime { get => TimeOf(_due); init => _due = NumberOf(value); }

    /// <summary>Start of the body; UTC.</summary>
    internal DateTimeOffset? Started { get => TimeOf(_started); init => _started = NumberOf(value); }

    /// <summary>End of the body; UTC.</summary>
    internal DateTimeOffset? Ended { get => TimeOf(_ended); init => _ended = NumberOf(value); }

    /// <summary>States of a mapped task's children, in input order; null for any other state.</summary>
    public State[]? Children { get; init; }

    /// <summary>For Cancelled: true if the task ended itself so and is over; false if a budget or a person kept it from running.</summary>
    internal bool HasEndedItself { get; init; }

    /// <summary>For Cancelled by itself: true if the run was stopped; the task continues if that is reverted.</summary>
    internal bool WasStopped { get; init; }

    /// <summary>Unused properties from a Prefect document; null if none.</summary>
    internal PrefectFields? Prefect { get; init; }

    /// <summary>What belongs to the task across state changes. Set by the operations in <c>Transitions.cs</c> only.</summary>
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

    /// <summary>True if it is a child skipped because the map was over.</summary>
    internal bool IsNotBegun => Type == StateType.Skipped && Children is null && Goal is not null;

    /// <summary>The displayed message: for a mapped task with a goal, derived from its children.</summary>
    internal string? ShownMessage => Goal is not null && Children is not null && IsFinished ? Goal.Describe(Children) ?? Message : Message;

    /// <inheritdoc cref="TaskProgress.Undo"/>
    internal TaskUndo? Undo => Progress.Undo;

    /// <summary>True if the task had succeeded and was undone since.</summary>
    internal bool IsUndone => Progress.Undo is { Phase: UndoPhase.Done };

    /// <summary>True if the undo of the task, a child or a task in its subflow is in this phase.</summary>
    internal bool HasUndo(UndoPhase phase) =>
        Progress.Undo?.Phase == phase || Progress.SubflowRun?.HasUndo(phase) == true || (Children is not null && Array.Exists(Children, child => child.HasUndo(phase)));

    /// <summary>True if the task succeeded in this run by its body, so that it can be undone.</summary>
    internal bool CanBeUndone => Children is null && Ended is not null && Type is StateType.Success or StateType.Cached;

    /// <summary>The state to run from: the inner one of Submitted, Queued or ClientFailed, or Pending if there is none; else itself.</summary>
    internal State Unwrapped => Type.IsMeta() ? Prefect?.Wrapped ?? NotRun : this;

    /// <summary>Expiry of a cached result; null if there is none, as for a target.</summary>
    internal DateTimeOffset? CachedUntil => Prefect?.CachedExpiration;

    /// <summary>True if the task has ended; a mapped task, when all its children have. One whose document did not list its children is mapped again.</summary>
    public bool IsFinished => Type.IsFinished() && (Children is null ? Type != StateType.Mapped : Array.TrueForAll(Children, child => child.IsFinished));

    /// <summary>True if the task succeeded; a mapped task, when all children have or its goal is reached.</summary>
    internal bool IsSuccessful => Type.IsSuccessful()
        && (Children is null || (Goal is null ? Array.TrueForAll(Children, child => child.IsSuccessful) : IsFinished && Goal.Judge(Children) == MapVerdict.Reached));

    /// <summary>True if the task failed; a mapped task, when a child has or its goal is missed.</summary>
    public bool IsFailed => Type.IsFailed()
        || (Children is not null && (Goal is null ? Array.Exists(Children, child => child.IsFailed) : Goal.Judge(Children) is MapVerdict.TooManyFailed or MapVerdict.TooFewGood));

    /// <summary>True if a budget kept the task from running: a later step may run it.</summary>
    internal bool IsCancelledByBudget => Type == StateType.Cancelled && !HasEndedItself;

    /// <summary>
    /// True if the result is unknown: the task was skipped, ended by a signal without one, or was read from a document without it. A body that completed
    /// without output has the result null.
    /// </summary>
    public bool LacksResult => Result is null ? Type.IsSkipped() || Ended is null : Result.IsUnspecified;

    /// <summary>True if the task succeeded and the document it was read from lacks the result.</summary>
    internal bool IsResultUnknown => Result is null && Children is null && Ended is null && Type.IsSuccessful() && !Type.IsSkipped();

    /// <summary>The result, if known.</summary>
    public TaskResult? KnownResult => Result is { IsUnspecified: true } ? null : Result;

    /// <summary>True if the result can be read; not if its store was not given to the flow.</summary>
    internal bool IsResultReadable => Children is null ? Result?.IsReadable != false : Array.TrueForAll(Children, child => child.IsResultReadable);

    /// <summary>True if the result, or a child's, was secret and is lost.</summary>
    internal bool IsResultLost => Children is null ? Result?.IsLost == true : Array.Exists(Children, child => child.IsResultLost);

    /// <summary>True if the result, or a child's, exists only in a plan.</summary>
    public bool IsResultNotMade => Children is null ? Result?.IsPlanned == true : Array.Exists(Children, child => child.IsResultNotMade);

    /// <summary>True if the result, or a child's, is secret.</summary>
    internal bool IsResultSecret => Children is null ? Result?.IsSecret == true : Array.Exists(Children, child => child.IsResultSecret);

    /// <summary>The children whose results are the task's: all, or with a goal those that succeeded. Null for any other state.</summary>
    internal State[]? CountedChildren => Goal is null || Children is null ? Children : MapGoal.GoodOf(Children);

    /// <summary>Reads the result; for a mapped task, an array of its children's results; null if none.</summary>
    /// <exception cref="FlowException">The result cannot be read: <see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    public object? ReadResult() => CountedChildren is not { } children ? Result?.Value : Array.ConvertAll(children, child => child.ReadResult());

    /// <summary>The result as one object: for a mapped task an array of its children's, secret if any of them is.</summary>
    /// <exception cref="FlowException">The result cannot be read: <see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    internal TaskResult? WholeResult() =>
        Children is null ? Result
        : IsResultLost ? TaskResult.Lost
        : IsResultSecret ? TaskResult.Secret(ReadResult())
        : TaskResult.Of(ReadResult());

    /// <summary>True if the task waits for a time after <paramref name="now"/>.</summary>
    internal bool IsDueAfter(DateTimeOffset now) => Type.IsScheduled() && DueTime > now;

    /// <summary>True if the task waits for its delay.</summary>
    internal bool IsDelayed => Type == StateType.Scheduled && Wait is { HasPolled: false, Until: null } && !StateMessages.IsAwaitingPlace(Message);

    /// <summary>True if the task waits for its next poll.</summary>
    internal bool HasPolled => Type == StateType.Scheduled && Wait is { HasPolled: true };

    /// <summary>True if part of the work is done and would be lost by cancelling.</summary>
    internal bool IsProgress => LoopCount > 1 || Children is not null || Progress.SubflowRun is not null;

    /// <summary>True if only a request from outside can continue the task.</summary>
    internal bool AwaitsApproval => Type == StateType.Paused && DueTime is null;

    /// <summary>True if a person can approve the task.</summary>
    public bool CanBeApproved => AwaitsApproval || Event is { IsWaiting: true };

    /// <summary>True if a child, or a task in the subflow, waits for an approval or an event: an approval of the task is passed on to it.</summary>
    public bool AwaitsApprovalInside =>
        Children is { } children ? Array.Exists(children, child => child.CanBeApproved || child.AwaitsApprovalInside)
        : !IsFinished && Progress.SubflowRun is { AwaitsApproval: true };

    private static long NumberOf(DateTimeOffset? time) => time is { } given ? given.UtcTicks + 1 : 0;

    private static DateTimeOffset? TimeOf(long number) => number == 0 ? null : new(number - 1, TimeSpan.Zero);

    /// <summary>The type, the message and the children.</summary>
    public override string ToString() => $"{Type.Name()} '{Message}'{(Children is null ? "" : $" [{string.Join<State>(", ", Children)}]")}";
}
