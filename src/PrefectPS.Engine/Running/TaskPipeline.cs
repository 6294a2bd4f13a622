using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Running;

/// <summary>
/// Takes one task through its checks, in the order of <c>prefect.engine.task_runner.TaskRunner.run</c>.
/// Each check returns null to go on, or the state that the task ends this pass in.
/// </summary>
internal sealed class TaskPipeline(FlowPlan plan, State[] states, RunInfo run, StepClock clock, StateHandlers handlers)
{
    private static readonly State UpstreamSkipped = new(StateType.Skipped, StateMessages.UpstreamSkipped);
    private readonly BodyRunner _bodies = new(plan, states, run, clock);

    /// <summary>Told of bodies that begin and end; null where nobody watches.</summary>
    public StepProgress? Progress { get; init; }

    /// <summary>Whether a task was kept from starting by the budget.</summary>
    public bool IsBudgetUsedUp { get; private set; }

    /// <summary>The state the task ends this pass in; the given one where it could not be run.</summary>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public State Run(TaskRun task) => Begin(task) ?? RunBody(task) ?? End(task);

    /// <summary>All checks before the body.</summary>
    /// <returns>Null where the task is Running and its body is to be run.</returns>
    public State? Begin(TaskRun task) =>
        InitializeRun(task)
        ?? CheckReady(task)
        ?? CheckStartTime(task)
        ?? CheckUpstreamFinished(task)
        ?? CheckUpstreamSkipped(task)
        ?? Map(task)
        ?? CheckTarget(task)
        ?? CheckTrigger(task)
        ?? CheckCondition(task)
        ?? CheckBudget(task)
        ?? SetRunning(task);

    /// <summary>All that follows once the body's outcome is known.</summary>
    public State End(TaskRun task) =>
        Checkpoint(task)
        ?? SetOutcome(task)
        ?? CheckRetry(task)
        ?? CheckLoop(task)
        ?? task.State;

    // A task found Running was being run when its process ended: it runs again, as one more attempt.
    private State? InitializeRun(TaskRun task)
    {
        var given = task.State;
        task.Upstream = UpstreamSummary.Of(plan, states, task.Task.Index, task.MapIndex);
        task.IsResumed = given.Type == StateType.Resume || (given.Type == StateType.Paused && given.DueTime <= clock.Now);
        task.Attempt = given.Type.Has(StateTraits.Running | StateTraits.Retrying) ? given.RunCount + 1 : given.RunCount;
        return null;
    }

    // A mapped task whose children a document did not name is mapped again.
    private static State? CheckReady(TaskRun task) =>
        task.State.Type.Has(StateTraits.Pending | StateTraits.Meta | StateTraits.Running | StateTraits.Mapped) ? null : task.State;

    private State? CheckStartTime(TaskRun task) =>
        task.State.AwaitsApproval || task.State.IsDueAfter(clock.Now) ? task.State : null;

    private static State? CheckUpstreamFinished(TaskRun task) =>
        task.Upstream.Finished == task.Upstream.Total ? null : task.State;

    private State? CheckUpstreamSkipped(TaskRun task) =>
        task.Task.SkipOnUpstreamSkip && task.Upstream.Skipped > 0 ? EndAs(task, UpstreamSkipped) : null;

    // The task itself ends here: what is to be run are its children.
    private State? Map(TaskRun task)
    {
        if (!task.Task.IsMapped || task.MapIndex is not null)
            return null;
        try
        {
            return EndAs(task, MapChildren.Expand(task.Task, plan.Inputs[task.Task.Index], states));
        }
        catch (FlowException e)
        {
            return EndAs(task, BodyRunner.Failed(StateMessages.EngineFailed(e.Message), TaskError.From(e)));
        }
    }

    private State? CheckTarget(TaskRun task)
    {
        if (task.Task.Target is not { } target)
            return null;
        try
        {
            task.TargetPath = StorePath.Check(target.Render(new(task, run)));
            return task.Task.Results!.Find(task.TargetPath, clock.CancellationToken) is { } found
                ? EndAs(task, new(StateType.Cached, StateMessages.TargetFound(task.TargetPath)) { Result = found })
                : null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return EndAs(task, BodyRunner.Failed(StateMessages.EngineFailed(e.Message), TaskError.From(e)));
        }
    }

    private State? CheckTrigger(TaskRun task)
    {
        try
        {
            var input = new TriggerInput(task.Upstream, task.IsResumed, task.Task.Trigger is CustomTrigger ? () => UpstreamOf(task) : null);
            return task.Task.Trigger.Refuse(input) is { } refused ? EndAs(task, refused) : null;
        }
        catch (FlowSignalException signal)
        {
            return EndAs(task, signal.State);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var error = BodyRunner.ErrorOf(e);
            return EndAs(task, new(StateType.TriggerFailed, StateMessages.TriggerFailed(error.Message)) { Error = error });
        }
    }

    private FlowTaskState[] UpstreamOf(TaskRun task) =>
        [.. plan.UpstreamOf(task.Task.Index).ToArray().Select(i => new FlowTaskState(plan.Tasks[i], states[i], run))];

    private State? CheckCondition(TaskRun task) => _bodies.RefuseByCondition(task) is { } refused ? EndAs(task, refused) : null;

    private State? CheckBudget(TaskRun task)
    {
        if (!IsBudgetUsedUp && clock.TryStart(task.Task))
            return null;
        IsBudgetUsedUp = true;
        return task.State;
    }

    private State? SetRunning(TaskRun task)
    {
        var given = task.State;
        var running = State.Starting with
        {
            RunCount = task.Attempt,
            LoopCount = given.LoopCount,
            LoopResult = given.LoopResult,
            Started = clock.Now,
        };
        return handlers.Change(task, running) ?? (task.State.Type.IsRunning() ? null : task.State);
    }

    /// <summary>Begins to run the body beside this thread.</summary>
    /// <returns>Null where it could not even be begun: the outcome says why.</returns>
    public IBodyRun? StartBody(TaskRun task, IBodyPool pool, Action<Action> post, Action ended)
    {
        Progress?.Begin(task);
        return _bodies.Start(task, pool, post, ended);
    }

    /// <summary>Makes an outcome of what a body that ran beside this thread came to.</summary>
    public void SetOutcome(TaskRun task, ActiveBody active)
    {
        if (active.Body is null)
            return; // it could not be begun, and the outcome says why
        if (active.Body.WasStopped)
            _bodies.SetTimedOut(task);
        else
            _bodies.SetOutcome(task, active.Body.GetResult); // even where it ended just as it was to be stopped
    }

    /// <summary>The step's time is over: no further task may start.</summary>
    public void UseUpBudget() => IsBudgetUsedUp = true;

    /// <summary>Runs the body on this thread.</summary>
    public State? RunBody(TaskRun task)
    {
        Progress?.Begin(task);
        _bodies.Run(task);
        Progress?.End(task);
        return null;
    }

    private State? Checkpoint(TaskRun task)
    {
        _bodies.Checkpoint(task);
        return null;
    }

    private State? SetOutcome(TaskRun task) => handlers.Change(task, task.Outcome!) ?? (task.OutcomeEndsRun ? task.State : null);

    private State? CheckRetry(TaskRun task)
    {
        var failed = task.State;
        if (!failed.IsFailed || task.Task.Retry is not { } policy || !policy.Allows(task.Attempt, failed.Error))
            return null;
        var retrying = new State(StateType.Retrying, StateMessages.Retrying(task.Attempt, policy.MaxRetries))
        {
            RunCount = task.Attempt,
            LoopCount = failed.LoopCount,
            LoopResult = failed.LoopResult,
            DueTime = clock.Now + policy.DelayAfter(task.Attempt, clock.Chance),
        };
        return handlers.Change(task, retrying);
    }

    // The next pass begins as Pending, of which no handler is told.
    private static State? CheckLoop(TaskRun task)
    {
        if (task.State.Type != StateType.Looped)
            return null;
        var next = task.State.LoopCount + 1;
        task.LoopsOn = true;
        return new(StateType.Pending, StateMessages.Looping(next)) { LoopCount = next, LoopResult = task.State.Result };
    }

    private State EndAs(TaskRun task, State state) => handlers.Change(task, state with { RunCount = task.State.RunCount }) ?? task.State;
}
