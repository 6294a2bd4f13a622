using PrefectPS.Results;

namespace PrefectPS.States;

/// <content>
/// The transitions between states, and what they keep of <see cref="TaskProgress"/>: everything, unless the operation says otherwise.
/// <c>TransitionTests</c> covers every rule.
/// </content>
public sealed partial record State
{
    /// <summary>Restores a state from a document.</summary>
    internal static State Read(
        StateType type, string? message, TaskProgress progress, TaskResult? result = null, TaskError? error = null, DateTimeOffset? due = null,
        DateTimeOffset? started = null, DateTimeOffset? ended = null, State[]? children = null, bool hasEndedItself = false, bool wasStopped = false) => new(type, message)
        {
            Progress = Shared(progress),
            Result = result,
            Error = error,
            DueTime = due,
            Started = started,
            Ended = ended,
            Children = children,
            HasEndedItself = hasEndedItself,
            WasStopped = wasStopped,
        };

    /// <summary>Initial state of a child; forced to run, or approved, if the mapped task is.</summary>
    internal static State NewChild(bool forceRerun, bool isResumed) =>
        forceRerun || isResumed ? NotRun with { Progress = new() { ForceRerun = forceRerun, IsResumed = isResumed } } : NotRun;

    /// <summary>Maps a task to children, with an optional goal.</summary>
    internal static State Map(State[] children, MapGoal? goal) => new(StateType.Mapped, StateMessages.ReadyToMap)
    {
        Progress = goal is null ? TaskProgress.Initial : new() { Goal = goal },
        Children = children,
    };

    /// <summary>Skips a child because the map is over.</summary>
    internal static State LeaveOut(string message, MapGoal goal) => new(StateType.Skipped, message) { Progress = new() { Goal = goal } };

    /// <summary>Reinstates a skipped child as it was, because the map continues.</summary>
    public State Reinstate() => new(StateType.Pending) { Progress = Shared(Progress with { Goal = null }) };

    /// <summary>Reinstates the skipped children of a mapped task whose goal was reopened by edits; returns itself if there is nothing to reopen.</summary>
    internal State Reopen() => Children is { } children && IsFinished && Goal?.IsOpenAgain(children) == true
        ? WithChildren(Array.ConvertAll(children, child => child.IsNotBegun ? child.Reinstate() : child))
        : this;

    /// <summary>Replaces the goal of a mapped task.</summary>
    internal State WithGoal(MapGoal? goal) => this with { Progress = Shared(Progress with { Goal = goal }) };

    /// <summary>Starts the body: progress carries over, with this attempt's number and approval.</summary>
    internal State Start(int attempt, bool isResumed, DateTimeOffset started) => Starting with
    {
        Progress = Carry(attempt, isResumed, ForceRerun, Progress.SubflowRun),
        Started = started,
    };

    /// <summary>Starts the body of a delayed or polling task, like <see cref="Start(int, bool, DateTimeOffset)"/>.</summary>
    internal State Start(int attempt, bool isResumed, DateTimeOffset started, TaskWait wait) => Starting with
    {
        Progress = Carry(attempt, isResumed, ForceRerun, Progress.SubflowRun) with { Wait = wait },
        Started = started,
    };

    /// <summary>Notes that the body is about to run alone: a step that finds this state knows that the process died with it.</summary>
    internal State RunAlone(TaskCrash crash) => this with { Progress = Progress with { Crashes = [.. Crashes, crash] } };

    /// <summary>
    /// Ends the body. A Cancelled outcome is final, unless a subflow was cancelled by a budget. The subflow run is the outcome's; the approval is
    /// consumed if the task waits again; success ends a forced rerun and any wait.
    /// </summary>
    internal State End(State outcome, DateTimeOffset ended) => outcome with
    {
        Progress = WithoutWait(
            Carry(RunCount, IsResumed && !outcome.Type.IsPending(), ForceRerun && !outcome.IsSuccessful, outcome.Progress.SubflowRun), outcome.IsSuccessful),
        Started = Started,
        Ended = ended,
        HasEndedItself = outcome.Type == StateType.Cancelled && outcome.Progress.SubflowRun is not { IsOver: false },
    };

    /// <summary>Ends the body with success, like <see cref="End"/>, on a fast path as the most common outcome.</summary>
    internal State Succeed(TaskResult? result, DateTimeOffset ended) => Succeeded with
    {
        Progress = WithoutWait(Carry(RunCount, IsResumed, forceRerun: false, subflowRun: null), isOver: true),
        Result = result,
        Started = Started,
        Ended = ended,
    };

    /// <summary>
    /// Ends, pauses or maps the task without its body: no approval for later attempts, and no subflow run is kept. A waiting task waits for the given
    /// attempt. The goal is that of the end.
    /// </summary>
    internal State EndWithoutBody(State end, int attempt) => end with
    {
        Progress = WithoutWait(Carry(end.Type.IsPending() ? attempt : RunCount, isResumed: false, ForceRerun, subflowRun: null), !end.Type.IsPending()) is var progress
            && ReferenceEquals(progress.Goal, end.Goal)
            ? progress
            : Shared(progress with { Goal = end.Goal }),
        HasEndedItself = end.Type == StateType.Cancelled,
    };

    /// <summary>Ends a task whose subflow has begun, like <see cref="EndWithoutBody"/>, keeping the subflow run.</summary>
    internal State EndUnderWay(State end) => end with
    {
        Progress = Carry(RunCount, isResumed: false, ForceRerun, Progress.SubflowRun),
        HasEndedItself = end.Type == StateType.Cancelled,
    };

    /// <summary>Uses a result found at the target or in the cache: only the attempt number is kept, as the body never began.</summary>
    internal State Find(State found) => found with { Progress = OfAttempt(RunCount) };

    /// <summary>Fails an outcome that could not be written; a forced rerun stays forced.</summary>
    internal State FailToWrite(string message, TaskError error, bool forceRerun) => this with
    {
        Type = StateType.Failed,
        Message = message,
        Error = error,
        Result = null,
        Progress = Carry(RunCount, IsResumed, forceRerun, Progress.SubflowRun),
    };

    /// <summary>
    /// Replaces the state by a handler's choice: keeps the body's times and the children; the approval is consumed if the task waits. A handler that
    /// cancels acts like a budget: a loop pass that had just ended is kept. An omitted result is unknown.
    /// </summary>
    internal State Replace(State chosen) => chosen with
    {
        Progress = Type == StateType.Looped && chosen.Type == StateType.Cancelled
            ? NextPass().Progress
            : Carry(RunCount, IsResumed && !chosen.Type.IsPending(), ForceRerun, Progress.SubflowRun),
        HasEndedItself = HasEndedItself && chosen.Type == StateType.Cancelled,
        Result = chosen.Result ?? (Result is not null && chosen.Type.IsSuccessful() ? TaskResult.Unspecified : null),
        Children = chosen.Type == StateType.Mapped ? Children : null,
        Started = Started,
        Ended = Ended,
    };

    /// <summary>Waits for the next attempt of a failed task, which may ask for approval again.</summary>
    internal State Retry(string message, DateTimeOffset due) => new(StateType.Retrying, message)
    {
        Progress = Carry(RunCount, isResumed: false, ForceRerun, Progress.SubflowRun),
        DueTime = due,
        Started = Started,
        Ended = Ended,
    };

    /// <summary>Waits for a concurrency slot for the next attempt: all progress is kept.</summary>
    internal State AwaitPlaces(State full, int attempt, bool isResumed) => full with { Progress = Carry(attempt, isResumed, ForceRerun, Progress.SubflowRun) };

    /// <summary>Waits for an event for the next attempt; the approval of the trigger is kept.</summary>
    internal State Await(AwaitedEvent wait, int attempt, bool isResumed) => new(StateType.Paused, StateMessages.AwaitsEvent(wait))
    {
        Progress = Carry(attempt, isResumed, ForceRerun, Progress.SubflowRun) with { Event = wait },
        DueTime = wait.Until,
    };

    /// <summary>Receives an event, or permission to continue without one; kept until the task has ended.</summary>
    internal State Receive(AwaitedEvent received, int attempt, bool isResumed) => new(StateType.Pending, StateMessages.EventReceived(received))
    {
        Progress = Carry(attempt, isResumed, ForceRerun, Progress.SubflowRun) with { Event = received },
    };

    /// <summary>Delays a task that could begin; progress, such as the trigger's approval, is kept.</summary>
    internal State Delay(TimeSpan delay, DateTimeOffset due, int attempt, bool isResumed) => new(StateType.Scheduled, StateMessages.Delayed(delay))
    {
        Progress = Carry(attempt, isResumed, ForceRerun, Progress.SubflowRun) with { Wait = new() },
        DueTime = due,
    };

    /// <summary>Polls again at a time, as the same attempt: all progress is kept but crashes, which the body has survived.</summary>
    internal State PollOn(DateTimeOffset due, DateTimeOffset ended) => new(StateType.Scheduled, StateMessages.Polling(Wait?.Until))
    {
        Progress = Progress with { Wait = (Wait ?? new()) with { HasPolled = true }, Crashes = [] },
        DueTime = due,
        Started = Started,
        Ended = ended,
    };

    /// <summary>Drops the event's payload once the task has ended.</summary>
    internal State LeaveOutPayload() => Event is { Payload: not null } received && IsFinished && !IsCancelledByBudget
        ? this with { Progress = Progress with { Event = received with { Payload = null, IsLeftOut = true } } }
        : this;

    /// <summary>Begins the next loop pass: it gets this pass's result, waits for an event of its own, polls for the full time, and is not delayed.</summary>
    internal State NextPass() => this with
    {
        Type = StateType.Pending,
        Message = StateMessages.Looping(Limits.Next(LoopCount)),
        Result = null,
        Progress = Progress with { LoopCount = Limits.Next(LoopCount), LoopResult = Result, Event = null, Wait = Wait is null ? null : new(), Crashes = [] },
    };

    /// <summary>Restarts the loop if the previous pass's result was not kept; this pass's event stays.</summary>
    internal State RestartLoop() => this with { Progress = Shared(Progress with { LoopCount = 1, LoopResult = null }) };

    /// <summary>Cancels the task because of a budget: all progress is kept.</summary>
    internal State CancelByBudget() => CancelledByBudget with { Progress = Progress };

    /// <summary>Marks the task for undo; the result is kept until then. Crashes of the body do not count against the undo.</summary>
    public State MarkForUndo() => this with { Progress = Progress with { Undo = new(UndoPhase.Due), Crashes = [] } };

    /// <summary>Removes a pending undo.</summary>
    internal State DropUndo() => this with { Progress = Shared(Progress with { Undo = null }) };

    /// <summary>Delays the undo, as the same attempt.</summary>
    internal State AwaitUndo(DateTimeOffset due) => this with { Progress = Progress with { Undo = (Undo ?? new(UndoPhase.Due)) with { DueTime = due } } };

    /// <summary>Retries a failed undo.</summary>
    internal State RetryUndo(TaskError error, DateTimeOffset due) =>
        this with { Progress = Progress with { Undo = new(UndoPhase.Due) { Attempt = Limits.Next(Undo?.Attempt ?? 1), DueTime = due, Error = error } } };

    /// <summary>Fails the undo; the task stays as it is.</summary>
    internal State FailUndo(TaskError error) => this with { Progress = Progress with { Undo = new(UndoPhase.Failed) { Attempt = Undo?.Attempt ?? 1, Error = error } } };

    /// <summary>Completes the undo: finally Cancelled, without a result. The subflow run is kept for inspection.</summary>
    internal State EndUndo() => new(StateType.Cancelled, StateMessages.Undone)
    {
        Progress = new() { Attempt = RunCount, SubflowRun = Progress.SubflowRun, Undo = new(UndoPhase.Done) },
        HasEndedItself = true,
        Started = Started,
        Ended = Ended,
    };

    /// <summary>Cancels the task because the run was stopped; progress other than a delay is kept in case that is reverted.</summary>
    internal State Stop(string message) => new(StateType.Cancelled, message) { Progress = WithoutWait(Progress, IsDelayed), HasEndedItself = true, WasStopped = true };

    /// <summary>Reverts the stop of the run: Pending, as after a budget.</summary>
    internal State Restart() => new(StateType.Pending) { Progress = Progress };

    /// <summary>Requeues a task whose body was stopped at the step's deadline, as the same attempt.</summary>
    public State Requeue() => NotRun with { Progress = Progress };

    /// <summary>Maps a task again because its input changed; the new children are forced to run.</summary>
    public static State Remap() => NotRun.ForcingRerun();

    /// <summary>Reruns a task for its result, which was not kept: the same attempt, with its loop from the start.</summary>
    internal State Recompute() => NotRun with { Progress = Shared(Progress with { LoopCount = 1, LoopResult = null, ForceRerun = true }) };

    /// <summary>Ignores target and cache until the task succeeds.</summary>
    internal State ForcingRerun() => ForceRerun ? this : this with { Progress = Progress with { ForceRerun = true } };

    /// <summary>
    /// Resets the task to Pending. An attempt cancelled by a budget keeps its progress; a finished task starts over, but a failed subflow keeps what
    /// succeeded in it, unless its inputs are stale. What had succeeded, even if undone since, is forced to run.
    /// </summary>
    internal State Reset(string? message, bool isStale = false) => new(StateType.Pending, message)
    {
        Progress = Shared(new()
        {
            Attempt = IsCancelledByBudget ? RunCount : 1,
            IsResumed = IsCancelledByBudget && IsResumed,
            LoopCount = IsCancelledByBudget ? LoopCount : 1,
            LoopResult = IsCancelledByBudget ? LoopResult : null,
            Event = IsCancelledByBudget ? Event : null,
            Wait = IsCancelledByBudget ? Wait : null,
            Crashes = IsCancelledByBudget ? Crashes : [],
            SubflowRun = isStale || Type.IsSuccessful() || IsUndone ? null : Progress.SubflowRun,
            ForceRerun = ForceRerun || Type.IsSuccessful() || IsUndone || (isStale && Progress.SubflowRun is not null),
        }),
    };

    /// <summary>
    /// Postpones or approves unfinished work: the approval of a Resume carries over into a Scheduled, and a task that waits for an event continues
    /// without.
    /// </summary>
    internal State Postpone(StateType type, string? message) => new(type, message)
    {
        Progress = Carry(RunCount, type == StateType.Scheduled && (IsResumed || Type == StateType.Resume), ForceRerun, Progress.SubflowRun) is var progress
            && type == StateType.Resume && Event is { IsWaiting: true } wait
                ? progress with { Event = wait with { IsWaived = true } }
                : progress,
    };

    /// <summary>Resets finished or mapped work to another pending state, like <see cref="Reset"/>. A Retrying leads to the next attempt number.</summary>
    internal State ResetTo(StateType type, string? message, bool isStale) => Reset(message, isStale) is var reset && type == StateType.Retrying
        ? new(type, message) { Progress = reset.Carry(RunCount, reset.IsResumed, reset.ForceRerun, reset.Progress.SubflowRun) }
        : reset with { Type = type };

    /// <summary>
    /// Sets the state by hand: Pending resets; unfinished work is postponed or cancelled, as by a budget but without its delay; finished work is done
    /// again later. Any other state keeps only the attempt number and a forced rerun, which is also set if a success is revoked.
    /// </summary>
    internal State Edit(StateType type, string? message, bool isStale) =>
        type == StateType.Pending ? Reset(message, isStale)
        : type.IsPending() && !IsFinished && Children is null && !isStale ? Postpone(type, message)
        : type.IsPending() ? ResetTo(type, message, isStale)
        : type == StateType.Cancelled && !IsFinished && Children is null && !isStale ? CancelByBudget() with { Message = message, Progress = WithoutWait(Progress, IsDelayed) }
        : new(type, message) { Progress = Shared(new() { Attempt = RunCount, ForceRerun = !type.IsSuccessful() && (ForceRerun || Type.IsSuccessful() || IsUndone) }) };

    /// <summary>True if an edit of a mapped task applies to its children instead: postponing applies to all, approval to those that wait for one.</summary>
    internal bool IsEditOfChildren(StateType type) => Children is { Length: > 0 }
        && (type is StateType.Scheduled or StateType.Retrying || (type == StateType.Resume && AwaitsApprovalInside));

    /// <summary>True if an edit that applies to children changes this child.</summary>
    internal bool IsEditedWithMap(StateType type) => type != StateType.Resume || CanBeApproved || AwaitsApprovalInside;

    /// <summary>True if an edit of a subflow's task applies to what waits for approval inside.</summary>
    internal bool IsEditOfSubflow(StateType type) => type == StateType.Resume && Children is null && AwaitsApprovalInside;

    /// <summary>Replaces the subflow run.</summary>
    internal State WithSubflow(ISubflowRun run) => this with { Progress = Progress with { SubflowRun = run } };

    /// <summary>Waits for what the subflow waits for; the next step continues it.</summary>
    internal State Park(ISubflowRun run) => Park(run, run.State);

    /// <summary>
    /// Updates the subflow run after an edit, or when it begins: a finished task with a finished subflow keeps its state; otherwise the next step
    /// continues it.
    /// </summary>
    internal State ChangeSubflow(ISubflowRun run) =>
        !run.State.IsFinished() ? Park(run, run.State)
        : Type.IsFinished() ? WithSubflow(run)
        : Park(run, StateType.Pending);

    /// <summary>Follows a subflow whose outcome changed by an edit or a wider selection: the task ends accordingly in the next step, without a body.</summary>
    internal State FollowSubflow(ISubflowRun run) => Park(run, StateType.Pending);

    /// <summary>Marks the results, including the children's, as secret; those in a store stay there.</summary>
    internal State AsSecret() => this with
    {
        Result = Result is { Location: null } ? TaskResult.AsSecret(Result) : Result,
        Progress = LoopResult is null ? Progress : Progress with { LoopResult = TaskResult.AsSecret(LoopResult) },
        Children = Children is null ? null : Array.ConvertAll(Children, child => child.AsSecret()),
    };

    /// <summary>Replaces the children; returns itself if they are the same.</summary>
    internal State WithChildren(State[] children) =>
        Enumerable.Range(0, children.Length).All(i => ReferenceEquals(children[i], Children![i])) ? this : this with { Children = children };

    /// <summary>Adds children that were read separately.</summary>
    internal State ReadChildren(State[] children) => this with { Children = children, Prefect = Prefect?.WithoutMapCount() };

    private State Park(ISubflowRun run, StateType type) => new(type, StateMessages.Subflow(run))
    {
        Progress = Progress with { SubflowRun = run },
        DueTime = run.NextStartTime,
        Started = Started,
    };

    // Most tasks have no progress of their own: avoids the allocation.
    private TaskProgress Carry(int attempt, bool isResumed, bool forceRerun, ISubflowRun? subflowRun) =>
        attempt == RunCount && isResumed == IsResumed && forceRerun == ForceRerun && ReferenceEquals(subflowRun, Progress.SubflowRun)
            ? Progress
            : Shared(Progress with { Attempt = attempt, IsResumed = isResumed, ForceRerun = forceRerun, SubflowRun = subflowRun });

    private static TaskProgress WithoutWait(TaskProgress progress, bool isOver) =>
        isOver && progress.Wait is not null ? Shared(progress with { Wait = null }) : progress;

    private static TaskProgress OfAttempt(int attempt) => attempt == 1 ? TaskProgress.Initial : new() { Attempt = attempt };

    private static TaskProgress Shared(TaskProgress progress) => progress == TaskProgress.Initial ? TaskProgress.Initial : progress;
}
