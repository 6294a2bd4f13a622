using PrefectPS.Caching;
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
internal sealed class TaskPipeline(UpstreamStates states, RunInfo run, StepContext step, ResultStore? results, StateHandlers handlers)
{
    private static readonly State UpstreamSkipped = new(StateType.Skipped, StateMessages.UpstreamSkipped);
    private readonly StepClock _clock = step.Clock;
    private readonly ExpectedDurations _durations = new(states.States, step.Clock);
    private readonly BodyRunner _bodies = new(states, run, step, results);
    private readonly TaskCaching _caching = new(states, run, step, results);
    private readonly TaskAdmission _admission = new(states, run, step);
    private readonly NextAttempt _nextAttempt = new(step);

    /// <summary>Runs a task, by its index, again for its result, which was not kept. The pass says how.</summary>
    public Action<int> Regain { get; set; } = _ => { };

    /// <summary>All checks before the body.</summary>
    /// <returns>Null where the task is Running and its body is to be run.</returns>
    public State? Begin(TaskRun task) =>
        InitializeRun(task)
        ?? CheckReady(task)
        ?? CheckStartTime(task)
        ?? CheckUpstreamFinished(task)
        ?? CheckUpstreamSkipped(task)
        ?? RegainInputs(task)
        ?? Map(task)
        ?? (task.IsUnderWay ? null : CheckMayBegin(task))
        ?? CheckBudget(task)
        ?? SetRunning(task);

    // A subflow that another step has begun has passed these.
    private State? CheckMayBegin(TaskRun task) =>
        (task.State.IsRepeat ? null : CheckTarget(task) ?? CheckCache(task))
        ?? CheckTrigger(task)
        ?? CheckCondition(task)
        ?? CheckFound(task);

    /// <summary>All that follows once the body's outcome is known.</summary>
    public State End(TaskRun task) =>
        Checkpoint(task)
        ?? SetOutcome(task)
        ?? Cache(task)
        ?? CheckRetry(task)
        ?? CheckLoop(task)
        ?? task.State;

    // A task found Running was being run when its process ended: it runs again, as one more attempt.
    private State? InitializeRun(TaskRun task)
    {
        var given = task.State = task.State.Unwrapped;
        task.Upstream = UpstreamSummary.Of(states, task.Task.Index, task.MapIndex);
        task.IsResumed = given.IsResumed || given.Type == StateType.Resume || (given.Type == StateType.Paused && given.DueTime <= _clock.Now);
        task.Attempt = given.Type.Has(StateTraits.Running | StateTraits.Retrying) ? given.RunCount + 1 : given.RunCount;
        return null;
    }

    // A mapped task whose children a document did not name is mapped again.
    private static State? CheckReady(TaskRun task) =>
        task.State.Type.Has(StateTraits.Pending | StateTraits.Meta | StateTraits.Running | StateTraits.Mapped) ? null : task.State;

    private State? CheckStartTime(TaskRun task) =>
        task.State.AwaitsApproval || task.State.IsDueAfter(_clock.Now) ? task.State : null;

    private static State? CheckUpstreamFinished(TaskRun task) =>
        task.Upstream.Finished == task.Upstream.Total ? null : task.State;

    private State? CheckUpstreamSkipped(TaskRun task) =>
        task.Task.SkipOnUpstreamSkip && task.Upstream.Skipped > 0 ? EndAs(task, UpstreamSkipped) : null;

    // A secret that was not kept: the task it is the result of runs again, in this step, and what it comes to counts.
    private State? RegainInputs(TaskRun task)
    {
        var inputs = states.Plan.Inputs[task.Task.Index];
        if (!Array.Exists(inputs, input => states.IsLost(task, input)))
            return null;
        if (!_clock.HasLeftFor(_durations.Of(task.Task)))
            return task.State;
        foreach (var input in inputs)
        {
            if (states.IsLost(task, input))
                Regain(input);
            if (states.IsLost(task, input))
                return task.State; // there was no time for it
        }

        task.Upstream = UpstreamSummary.Of(states, task.Task.Index, task.MapIndex);
        return CheckUpstreamFinished(task) ?? CheckUpstreamSkipped(task) ?? (task.IsUnderWay ? CheckRegained(task) : null);
    }

    // What a subflow under way was begun with may now have failed.
    private State? CheckRegained(TaskRun task) =>
        _admission.RefuseByTrigger(task) is { } refused ? EndAs(task, refused with { Subrun = task.Given.Subrun }) : null;

    // The task itself ends here: what is to be run are its children.
    private State? Map(TaskRun task)
    {
        if (!task.Task.IsMapped || task.MapIndex is not null)
            return null;
        try
        {
            return EndAs(task, MapChildren.Expand(task.Task, states, task.State.IsRepeat));
        }
        catch (FlowException e)
        {
            return EndAs(task, BodyRunner.Failed(StateMessages.EngineFailed(e.Message), TaskError.From(e)));
        }
    }

    /// <summary>
    /// Whether the children of a task, some of which are still to be run, are those of another list than its inputs are now, as their number
    /// tells; or whether it is not mapped any more.
    /// </summary>
    public bool HasOthersChildren(int task)
    {
        if (states.States[task].Children is not { } children || states.States[task].IsFinished)
            return false;
        if (!states.Plan.Tasks[task].IsMapped)
            return true;
        var isKnown = !_clock.IsUsedUp;
        for (var i = 0; i < states.Plan.Tasks[task].MapCount; i++)
        {
            var upstream = states.Plan.Inputs[task][i];
            if (states.States[upstream].Children is not { } counterparts || !states.Plan.WaitsByChild(task, upstream))
                isKnown &= states.States[upstream] is { IsFinished: true, IsResultLost: false };
            else if (counterparts.Length < children.Length)
                return true;
        }

        return isKnown && MapsToOther(task, children.Length);
    }

    // What cannot be read fails the children.
    private bool MapsToOther(int task, int count)
    {
        try
        {
            var mapped = MapChildren.Expand(states.Plan.Tasks[task], states);
            return mapped.Children is { } children ? children.Length != count : mapped.Error is not null;
        }
        catch (FlowException)
        {
            return false;
        }
    }

    // Where an upstream task failed, a target that depends on what it came to cannot be told yet: the trigger says what follows.
    private State? CheckTarget(TaskRun task)
    {
        if (run.IsSensitive || task.Task.Target is not { } target || (target.TakesInputs && task.Upstream.Successful < task.Upstream.Total))
            return null;
        try
        {
            var path = _bodies.TargetOf(task)!;
            return (task.Task.Results ?? results)!.Find(path, task.Task.Serializer?.Name, _clock.CancellationToken) is { } found
                ? Find(task, new(StateType.Cached, StateMessages.TargetFound(path)) { Result = found })
                : null;
        }
        catch (FlowSignalException signal)
        {
            return EndAs(task, signal.State);
        }
        catch (Exception e) when (!_clock.IsStop(e))
        {
            return EndAs(task, BodyRunner.Failed(StateMessages.EngineFailed(e.Message), TaskError.From(e)));
        }
    }

    private State? CheckCache(TaskRun task) =>
        !run.IsSensitive && task.Task.Cache is not null && _caching.Find(task) is { } cached ? Find(task, cached) : null;

    // What is found does not end the task yet: its trigger and its condition may refuse it.
    private State? Find(TaskRun task, State found)
    {
        task.IsFound = true;
        return handlers.Change(task, found with { RunCount = task.State.RunCount });
    }

    private static State? CheckFound(TaskRun task) => task.IsFound ? task.State : null;

    private State? CheckTrigger(TaskRun task) => _admission.RefuseByTrigger(task) is { } refused ? EndAs(task, refused) : null;

    private State? CheckCondition(TaskRun task) => _admission.RefuseByCondition(task) is { } refused ? EndAs(task, refused) : null;

    private State? CheckBudget(TaskRun task) =>
        (task.IsRerun ? _clock.HasTimeFor(_durations.Of(task.Task)) : _clock.TryStart(task.Task, _durations.Of(task.Task))) ? null : task.State;

    private State? SetRunning(TaskRun task)
    {
        var given = task.State;
        var running = State.Starting with
        {
            RunCount = task.Attempt,
            LoopCount = given.LoopCount,
            LoopResult = given.LoopResult,
            IsResumed = task.IsResumed,
            IsRepeat = given.IsRepeat,
            Started = task.IsUnderWay ? given.Subrun!.Started : _clock.Now,
            Subrun = given.Subrun,
        };
        if (!task.IsUnderWay) // else the handlers were told when it began
            return handlers.Change(task, running) ?? (task.State.Type.IsRunning() ? null : task.State);
        task.State = running;
        return null;
    }

    /// <summary>Begins to run the body beside this thread.</summary>
    /// <returns>Null where it could not even be begun: the outcome says why.</returns>
    public IBodyRun? StartBody(TaskRun task, IBodyPool pool, Action<Action> post, Action ended, CancellationToken stop)
    {
        step.Recorder?.Commit();
        step.Progress?.Begin(task);
        return _bodies.Start(task, pool, post, ended, stop);
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

    /// <summary>Runs the body on this thread.</summary>
    /// <returns>Null where the outcome is set; else the step's time is over, and the state the task is left in.</returns>
    public State? RunBody(TaskRun task)
    {
        step.Recorder?.Commit();
        step.Progress?.Begin(task);
        var hasEnded = _bodies.Run(task);
        step.Progress?.End(task);
        if (hasEnded)
            return null;
        _clock.UseUp();
        return task.State;
    }

    /// <summary>Begins to run the flow that is the task's body, or goes on with it where another step had to leave it.</summary>
    /// <returns>Null where it cannot be begun: the outcome says why.</returns>
    public WorkingRun? BeginSubrun(TaskRun task) => _bodies.BeginSubrun(task, handlers.Recorder);

    /// <summary>Takes what a pass over a subrun came to.</summary>
    /// <returns>Null where it has ended, and the outcome is set; else the state that the task waits in.</returns>
    public State? EndSubrun(TaskRun task, WorkingRun subrun)
    {
        if (_clock.IsUsedUp)
            subrun.TakeBackCutShort();
        var after = subrun.ToState();
        subrun.TellOfFailure(after);
        return _bodies.EndSubrun(task, after);
    }

    private State? Checkpoint(TaskRun task)
    {
        if (!run.IsSensitive && task.Task.Cache is not null)
            _caching.Locate(task);
        _bodies.Checkpoint(task);
        return null;
    }

    private State? Cache(TaskRun task) =>
        task.CachePath is not null && task.State is { IsSuccessful: true } state && !state.Type.IsSkipped() && _caching.Keep(task) is { } cached
            ? handlers.Change(task, cached)
            : null;

    private State? SetOutcome(TaskRun task)
    {
        _durations.Note(task.Task, task.Outcome!);
        return handlers.Change(task, task.Outcome!) ?? (task.OutcomeEndsRun ? task.State : null);
    }

    private State? CheckRetry(TaskRun task) => _nextAttempt.Of(task) is { } retrying ? handlers.Change(task, retrying) : null;

    // The next pass begins as Pending, of which no handler is told.
    private State? CheckLoop(TaskRun task)
    {
        if (task.State.Type != StateType.Looped)
            return null;
        var looped = task.State;
        var next = looped.LoopCount + 1;
        task.LoopsOn = true;
        task.State = looped with { Type = StateType.Pending, Message = StateMessages.Looping(next), LoopCount = next, LoopResult = looped.Result, Result = null };
        handlers.Recorder?.Changed(task.Task, task.MapIndex, looped, task.State);
        return task.State;
    }

    // A loop that is not to go on yet is as far as it was.
    private State EndAs(TaskRun task, State state) => handlers.Change(task, state with
    {
        RunCount = task.State.RunCount,
        LoopCount = task.State.LoopCount,
        LoopResult = task.State.LoopResult,
        IsRepeat = task.State.IsRepeat,
    }) ?? task.State;
}
