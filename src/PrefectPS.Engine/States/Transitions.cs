using PrefectPS.Results;

namespace PrefectPS.States;

/// <content>
/// How a task goes from one state to the next, and what of its <see cref="TaskProgress"/> lasts: all of it, unless the rule of an operation says
/// otherwise. <c>TransitionTests</c> holds every rule.
/// </content>
public sealed partial record State
{
    /// <summary>The state as a document has it.</summary>
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

    /// <summary>A child that a mapped task begins with; it is forced to run, or approved, where the mapped task is.</summary>
    internal static State NewChild(bool forceRerun, bool isResumed) =>
        forceRerun || isResumed ? NotRun with { Progress = new() { ForceRerun = forceRerun, IsResumed = isResumed } } : NotRun;

    /// <summary>A task is mapped, to these children, which are judged by a goal where it has one.</summary>
    internal static State Map(State[] children, MapGoal? goal) => new(StateType.Mapped, StateMessages.ReadyToMap)
    {
        Progress = goal is null ? TaskProgress.Initial : new() { Goal = goal },
        Children = children,
    };

    /// <summary>A child is not begun, as the map is over before.</summary>
    internal static State LeaveOut(string message, MapGoal goal) => new(StateType.Skipped, message) { Progress = new() { Goal = goal } };

    /// <summary>A child that was not begun is to run after all, as the map goes on: as it was before.</summary>
    internal State TakeIn() => new(StateType.Pending) { Progress = Shared(Progress with { Goal = null }) };

    /// <summary>
    /// A mapped task whose goal is open again, since ends of its children were set by hand: those that were not begun are to run. Itself where it is none.
    /// </summary>
    internal State Reopen() => Children is { } children && IsFinished && Goal?.IsOpenAgain(children) == true
        ? WithChildren(Array.ConvertAll(children, child => child.IsNotBegun ? child.TakeIn() : child))
        : this;

    /// <summary>The children of a mapped task are judged by another goal, or none.</summary>
    internal State WithGoal(MapGoal? goal) => this with { Progress = Shared(Progress with { Goal = goal }) };

    /// <summary>The body starts: what lasts is carried into the attempt, which has its own number and approval.</summary>
    internal State Start(int attempt, bool isResumed, DateTimeOffset started) => Starting with
    {
        Progress = Carry(attempt, isResumed, ForceRerun, Progress.SubflowRun),
        Started = started,
    };

    /// <summary>The body of a task that was to be delayed, or polls, starts: as <see cref="Start(int, bool, DateTimeOffset)"/>, with what it has of its time.</summary>
    internal State Start(int attempt, bool isResumed, DateTimeOffset started, TaskWait wait) => Starting with
    {
        Progress = Carry(attempt, isResumed, ForceRerun, Progress.SubflowRun) with { Wait = wait },
        Started = started,
    };

    /// <summary>The body is about to run alone: a step that finds this state knows that the process died with it.</summary>
    internal State RunAlone(TaskCrash crash) => this with { Progress = Progress with { Crashes = [.. Crashes, crash] } };

    /// <summary>
    /// The body has ended. One that says that it is Cancelled is so for good; a subflow that a budget cancelled is not. The subflow run is the outcome's; an approval is
    /// used up where the task waits again, and a forced rerun where it succeeded; then it has done with waiting.
    /// </summary>
    internal State End(State outcome, DateTimeOffset ended) => outcome with
    {
        Progress = WithoutWait(
            Carry(RunCount, IsResumed && !outcome.Type.IsPending(), ForceRerun && !outcome.IsSuccessful, outcome.Progress.SubflowRun), outcome.IsSuccessful),
        Started = Started,
        Ended = ended,
        HasEndedItself = outcome.Type == StateType.Cancelled && outcome.Progress.SubflowRun is not { IsOver: false },
    };

    /// <summary>The body has returned: as <see cref="End"/> with a Success, made at once, since it is what most bodies come to.</summary>
    internal State Succeed(TaskResult? result, DateTimeOffset ended) => Succeeded with
    {
        Progress = WithoutWait(Carry(RunCount, IsResumed, forceRerun: false, subflowRun: null), isOver: true),
        Result = result,
        Started = Started,
        Ended = ended,
    };

    /// <summary>
    /// The task ends, waits or is mapped without its body: the approval is not for a later attempt, and no subflow run is kept. One that waits does so for
    /// the attempt that was to be made. What its children are judged by is that of the end.
    /// </summary>
    internal State EndWithoutBody(State end, int attempt) => end with
    {
        Progress = WithoutWait(Carry(end.Type.IsPending() ? attempt : RunCount, isResumed: false, ForceRerun, subflowRun: null), !end.Type.IsPending()) is var progress
            && ReferenceEquals(progress.Goal, end.Goal)
            ? progress
            : Shared(progress with { Goal = end.Goal }),
        HasEndedItself = end.Type == StateType.Cancelled,
    };

    /// <summary>The task is refused though its subflow has begun: as <see cref="EndWithoutBody"/>, with the subflow run as far as it was.</summary>
    internal State EndUnderWay(State end) => end with
    {
        Progress = Carry(RunCount, isResumed: false, ForceRerun, Progress.SubflowRun),
        HasEndedItself = end.Type == StateType.Cancelled,
    };

    /// <summary>The result was found at a target or in a cache: only the number of the attempt is kept, as for a task whose body never began.</summary>
    internal State Find(State found) => found with { Progress = OfAttempt(RunCount) };

    /// <summary>The outcome could not be written: it failed, and what forced its body to run still does.</summary>
    internal State FailToWrite(string message, TaskError error, bool forceRerun) => this with
    {
        Type = StateType.Failed,
        Message = message,
        Error = error,
        Result = null,
        Progress = Carry(RunCount, IsResumed, forceRerun, Progress.SubflowRun),
    };

    /// <summary>
    /// A state handler chose another state: when the body ran and what the task was mapped to last, too; an approval is used up where it waits. A handler
    /// that cancels is a budget: the pass of a loop that had just ended is not lost. A result that it left out is not known any more.
    /// </summary>
    internal State Replace(State chosen) => chosen with
    {
        Progress = Type == StateType.Looped && chosen.Type == StateType.Cancelled
            ? NextPass().Progress
            : Carry(RunCount, IsResumed && !chosen.Type.IsPending(), ForceRerun, Progress.SubflowRun),
        HasEndedItself = HasEndedItself && chosen.Type == StateType.Cancelled,
        Result = chosen.Result ?? (Result is not null && chosen.Type.IsSuccessful() ? TaskResult.Missing : null),
        Children = chosen.Type == StateType.Mapped ? Children : null,
        Started = Started,
        Ended = Ended,
    };

    /// <summary>A failed task waits for its next attempt, which may ask for approval again.</summary>
    internal State Retry(string message, DateTimeOffset due) => new(StateType.Retrying, message)
    {
        Progress = Carry(RunCount, isResumed: false, ForceRerun, Progress.SubflowRun),
        DueTime = due,
        Started = Started,
        Ended = Ended,
    };

    /// <summary>The task waits for a place of a limit, for the attempt that is to be made: all lasts.</summary>
    internal State AwaitPlaces(State full, int attempt, bool isResumed) => full with { Progress = Carry(attempt, isResumed, ForceRerun, Progress.SubflowRun) };

    /// <summary>The task waits for an event, for the attempt that is to be made; the approval of its trigger lasts.</summary>
    internal State Await(AwaitedEvent wait, int attempt, bool isResumed) => new(StateType.Paused, StateMessages.AwaitsEvent(wait))
    {
        Progress = Carry(attempt, isResumed, ForceRerun, Progress.SubflowRun) with { Event = wait },
        DueTime = wait.Until,
    };

    /// <summary>The task has what it waited for, an event or leave to go on without one: it is to run, and this stays with it until it has ended.</summary>
    internal State Receive(AwaitedEvent received, int attempt, bool isResumed) => new(StateType.Pending, StateMessages.EventReceived(received))
    {
        Progress = Carry(attempt, isResumed, ForceRerun, Progress.SubflowRun) with { Event = received },
    };

    /// <summary>The task could begin, and is delayed: what it has come through, such as the approval of its trigger, lasts.</summary>
    internal State Delay(TimeSpan delay, DateTimeOffset due, int attempt, bool isResumed) => new(StateType.Scheduled, StateMessages.Delayed(delay))
    {
        Progress = Carry(attempt, isResumed, ForceRerun, Progress.SubflowRun) with { Wait = new() },
        DueTime = due,
    };

    /// <summary>What the body has returned is not taken, and it runs again at a time, as the same attempt: all lasts but the crashes, which it has got over.</summary>
    internal State PollOn(DateTimeOffset due, DateTimeOffset ended) => new(StateType.Scheduled, StateMessages.Polling(Wait?.Until))
    {
        Progress = Progress with { Wait = (Wait ?? new()) with { HasPolled = true }, Crashes = [] },
        DueTime = due,
        Started = Started,
        Ended = ended,
    };

    /// <summary>The state as it is written once the task has ended: without what its event brought.</summary>
    internal State LeaveOutPayload() => Event is { Payload: not null } received && IsFinished && !IsCancelledByBudget
        ? this with { Progress = Progress with { Event = received with { Payload = null, IsLeftOut = true } } }
        : this;

    /// <summary>The next pass of a loop, which has the result of this one, waits for an event of its own, polls for as long as the first, and is not delayed.</summary>
    internal State NextPass() => this with
    {
        Type = StateType.Pending,
        Message = StateMessages.Looping(Limits.Next(LoopCount)),
        Result = null,
        Progress = Progress with { LoopCount = Limits.Next(LoopCount), LoopResult = Result, Event = null, Wait = Wait is null ? null : new(), Crashes = [] },
    };

    /// <summary>The loop begins from the start, where the result of the pass before is not kept; the event of this pass stays.</summary>
    internal State RestartLoop() => this with { Progress = Shared(Progress with { LoopCount = 1, LoopResult = null }) };

    /// <summary>The budget kept the task from starting: all lasts.</summary>
    internal State CancelByBudget() => CancelledByBudget with { Progress = Progress };

    /// <summary>The task is to be undone; its result is kept until it is. Crashes of its body do not count against that.</summary>
    internal State DemandUndo() => this with { Progress = Progress with { Undo = new(UndoPhase.Due), Crashes = [] } };

    /// <summary>It is not to be undone any more.</summary>
    internal State DropUndo() => this with { Progress = Shared(Progress with { Undo = null }) };

    /// <summary>Its undo waits until a time; the number of the attempt stays.</summary>
    internal State AwaitUndo(DateTimeOffset due) => this with { Progress = Progress with { Undo = (Undo ?? new(UndoPhase.Due)) with { DueTime = due } } };

    /// <summary>An attempt to undo it has failed, and another one follows.</summary>
    internal State RetryUndo(TaskError error, DateTimeOffset due) =>
        this with { Progress = Progress with { Undo = new(UndoPhase.Due) { Attempt = Limits.Next(Undo?.Attempt ?? 1), DueTime = due, Error = error } } };

    /// <summary>It could not be undone: the task stays what it is.</summary>
    internal State FailUndo(TaskError error) => this with { Progress = Progress with { Undo = new(UndoPhase.Failed) { Attempt = Undo?.Attempt ?? 1, Error = error } } };

    /// <summary>It is undone: Cancelled for good, without a result. The run of its subflow, whose tasks are undone, is kept for who looks at it.</summary>
    internal State EndUndo() => new(StateType.Cancelled, StateMessages.Undone)
    {
        Progress = new() { Attempt = RunCount, SubflowRun = Progress.SubflowRun, Undo = new(UndoPhase.Done) },
        HasEndedItself = true,
        Started = Started,
        Ended = Ended,
    };

    /// <summary>The run was stopped before the task had ended: it is over, and all but a delay lasts for the case that this is taken back.</summary>
    internal State Stop(string message) => new(StateType.Cancelled, message) { Progress = WithoutWait(Progress, IsDelayed), HasEndedItself = true, WasStopped = true };

    /// <summary>That the run was stopped is taken back: the task is Pending, as after a budget.</summary>
    internal State Restart() => new(StateType.Pending) { Progress = Progress };

    /// <summary>The body was stopped at the step's deadline: the task is due again as the same attempt.</summary>
    internal State TakeBack() => NotRun with { Progress = Progress };

    /// <summary>A mapped task whose input is another list by now is mapped again, and its new children are forced to run.</summary>
    internal static State MapAgain() => NotRun.ForcingRerun();

    /// <summary>The task runs again for its result, which was not kept: the same attempt, with its loop from the start.</summary>
    internal State Recompute() => NotRun with { Progress = Shared(Progress with { LoopCount = 1, LoopResult = null, ForceRerun = true }) };

    /// <summary>Target and cache are ignored until the task has succeeded.</summary>
    internal State ForcingRerun() => ForceRerun ? this : this with { Progress = Progress with { ForceRerun = true } };

    /// <summary>
    /// Pending once more. An attempt that a budget cancelled keeps its number, its approval, its loop, its event, its wait and its crashes; a finished one starts over, but what
    /// succeeded in a subflow that as a whole did not is kept, unless its inputs are stale. What had succeeded is forced to run, though it was undone since.
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
    /// A person puts unfinished work off, or approves it: the approval of a Resume lasts into a Scheduled, and one that waits for an event goes on without.
    /// </summary>
    internal State Postpone(StateType type, string? message) => new(type, message)
    {
        Progress = Carry(RunCount, type == StateType.Scheduled && (IsResumed || Type == StateType.Resume), ForceRerun, Progress.SubflowRun) is var progress
            && type == StateType.Resume && Event is { IsWaiting: true } wait
                ? progress with { Event = wait with { IsWaived = true } }
                : progress,
    };

    /// <summary>Work that is done, or mapped, is put off: as <see cref="Reset"/>, in another state. The next attempt after a Retrying has the next number.</summary>
    internal State ResetTo(StateType type, string? message, bool isStale) => Reset(message, isStale) is var reset && type == StateType.Retrying
        ? new(type, message) { Progress = reset.Carry(RunCount, reset.IsResumed, reset.ForceRerun, reset.Progress.SubflowRun) }
        : reset with { Type = type };

    /// <summary>
    /// A person sets the state: Pending resets it, unfinished work is postponed or, as by a budget but for a delay, cancelled, finished work done again later. In any
    /// other state only the attempt's number is kept, and that it is forced to run: so is what had succeeded and is now said not to have.
    /// </summary>
    internal State Edit(StateType type, string? message, bool isStale) =>
        type == StateType.Pending ? Reset(message, isStale)
        : type.IsPending() && !IsFinished && Children is null && !isStale ? Postpone(type, message)
        : type.IsPending() ? ResetTo(type, message, isStale)
        : type == StateType.Cancelled && !IsFinished && Children is null && !isStale ? CancelByBudget() with { Message = message, Progress = WithoutWait(Progress, IsDelayed) }
        : new(type, message) { Progress = Shared(new() { Attempt = RunCount, ForceRerun = !type.IsSuccessful() && (ForceRerun || Type.IsSuccessful() || IsUndone) }) };

    /// <summary>
    /// Whether an edit of a mapped task is one of its children instead: put off, they all are; an approval is for those that wait for one, where any does.
    /// </summary>
    internal bool IsEditOfChildren(StateType type) => Children is { Length: > 0 }
        && (type is StateType.Scheduled or StateType.Retrying || (type == StateType.Resume && AwaitsApprovalInside));

    /// <summary>Whether an edit of the mapped task, which <see cref="IsEditOfChildren"/>, changes this child.</summary>
    internal bool IsEditedWithMap(StateType type) => type != StateType.Resume || CanBeApproved || AwaitsApprovalInside;

    /// <summary>Whether an edit of a task that is a flow is one of what waits in it for the approval.</summary>
    internal bool IsEditOfSubflow(StateType type) => type == StateType.Resume && Children is null && AwaitsApprovalInside;

    /// <summary>The state with another run of its subflow, read or changed.</summary>
    internal State WithSubflow(ISubflowRun run) => this with { Progress = Progress with { SubflowRun = run } };

    /// <summary>The task waits for what its subflow waits for; the next step goes on with it.</summary>
    internal State Park(ISubflowRun run) => Park(run, run.State);

    /// <summary>
    /// Some of the subflow's states were changed by an edit, or it begins: a finished task whose subflow still is keeps its state; any other goes on with it
    /// in the next step.
    /// </summary>
    internal State ChangeSubflow(ISubflowRun run) =>
        !run.State.IsFinished() ? Park(run, run.State)
        : Type.IsFinished() ? WithSubflow(run)
        : Park(run, StateType.Pending);

    /// <summary>An edit, or a wider selection, brought the task's subflow to another end: so it does the task, in the next step, without a body.</summary>
    internal State FollowSubflow(ISubflowRun run) => Park(run, StateType.Pending);

    /// <summary>The state with its results, and its children's, never to be written; one that is in a store already stays there.</summary>
    internal State AsSecret() => this with
    {
        Result = Result is { Location: null } ? TaskResult.AsSecret(Result) : Result,
        Progress = LoopResult is null ? Progress : Progress with { LoopResult = TaskResult.AsSecret(LoopResult) },
        Children = Children is null ? null : Array.ConvertAll(Children, child => child.AsSecret()),
    };

    /// <summary>The state with these children; itself where they are the ones it has.</summary>
    internal State WithChildren(State[] children) =>
        Enumerable.Range(0, children.Length).All(i => ReferenceEquals(children[i], Children![i])) ? this : this with { Children = children };

    /// <summary>The state with the children that it was read without.</summary>
    internal State ReadChildren(State[] children) => this with { Children = children, Prefect = Prefect?.WithoutMapCount() };

    private State Park(ISubflowRun run, StateType type) => new(type, StateMessages.Subflow(run))
    {
        Progress = Progress with { SubflowRun = run },
        DueTime = run.NextStartTime,
        Started = Started,
    };

    // Most tasks have no progress of their own: then nothing is allocated.
    private TaskProgress Carry(int attempt, bool isResumed, bool forceRerun, ISubflowRun? subflowRun) =>
        attempt == RunCount && isResumed == IsResumed && forceRerun == ForceRerun && ReferenceEquals(subflowRun, Progress.SubflowRun)
            ? Progress
            : Shared(Progress with { Attempt = attempt, IsResumed = isResumed, ForceRerun = forceRerun, SubflowRun = subflowRun });

    private static TaskProgress WithoutWait(TaskProgress progress, bool isOver) =>
        isOver && progress.Wait is not null ? Shared(progress with { Wait = null }) : progress;

    private static TaskProgress OfAttempt(int attempt) => attempt == 1 ? TaskProgress.Initial : new() { Attempt = attempt };

    private static TaskProgress Shared(TaskProgress progress) => progress == TaskProgress.Initial ? TaskProgress.Initial : progress;
}
