using PrefectPS.Caching;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>
/// Takes one task through its checks, in the order of <c>prefect.engine.task_runner.TaskRunner.run</c>. Each check lets the next one be asked, or decides
/// what becomes of the task in this pass.
/// </summary>
internal sealed class TaskPipeline(RunStates states, RunIdentity run, StepContext step, StateHandlers handlers)
{
    private const int NoInput = -1;
    private static readonly State UpstreamSkipped = new(StateType.Skipped, StateMessages.UpstreamSkipped);
    private readonly RunStateView _view = states.View;
    private readonly StepClock _clock = step.Clock;
    private readonly ExpectedDurations _durations = new(states.States, step.Clock);
    private readonly Checkpointer _checkpointer = new(states, run, step);
    private readonly TaskCaching _caching = new(states.View, run, step, states.Results);
    private readonly TaskAdmission _admission = new(states.View, run, step);
    private readonly NextAttempt _nextAttempt = new(step);
    private HashSet<(int Task, int Input)>? _warned;

    /// <summary>All checks before the body; where all continue, the task is Running and its body is to be run.</summary>
    /// <param name="task">The task.</param>
    /// <param name="recomputed">The input that was recomputed since the checks were asked before; none unless given.</param>
    public CheckResult Begin(TaskRun task, int recomputed = NoInput) =>
        CheckReady(task)
        || CheckStartTime(task)
        || CheckUpstreamFinished(task)
        || CheckUpstreamSkipped(task)
        || CheckInputsKept(task, recomputed)
        || Map(task)
        || CheckMayBegin(task, recomputed)
        || CheckBudget(task)
        || SetRunning(task);

    /// <summary>All that follows once the body's outcome is known.</summary>
    public CheckResult End(TaskRun task, in BodyOutcome outcome) =>
        CheckEnded(outcome)
        || SetOutcome(task, outcome)
        || Cache(task)
        || CheckRetry(task)
        || CheckLoop(task)
        || CheckResult.End(task.State);

    // A subflow that another step has begun has passed these; what it was begun with may now have failed.
    private CheckResult CheckMayBegin(TaskRun task, int recomputed) =>
        !task.IsUnderWay ? CheckTarget(task) || CheckCache(task) || CheckTrigger(task) || CheckCondition(task) || CheckFound(task)
        : recomputed != NoInput && _admission.RefuseByTrigger(task) is { } refused ? EndAs(task, task.State.EndUnderWay(refused))
        : CheckResult.Continue;

    // A mapped task whose children a document did not name is mapped again.
    private static CheckResult CheckReady(TaskRun task) =>
        task.State.Type.Has(StateTraits.Pending | StateTraits.Meta | StateTraits.Running | StateTraits.Mapped) ? CheckResult.Continue : CheckResult.Wait(task.State);

    private CheckResult CheckStartTime(TaskRun task) =>
        task.State.AwaitsApproval || task.State.IsDueAfter(_clock.Now) ? CheckResult.Wait(task.State) : CheckResult.Continue;

    private CheckResult CheckUpstreamFinished(TaskRun task)
    {
        task.Upstream = UpstreamSummary.Of(_view, task.Task.Index, task.MapIndex);
        return task.Upstream.Finished == task.Upstream.Total ? CheckResult.Continue : CheckResult.Wait(task.State);
    }

    private CheckResult CheckUpstreamSkipped(TaskRun task) =>
        task.Task.SkipOnUpstreamSkip && task.Upstream.Skipped > 0 ? EndAs(task, task.State.EndWithoutBody(UpstreamSkipped, task.Attempt)) : CheckResult.Continue;

    // A secret that was not kept: the task it is the result of runs again, in this step, and what becomes of that one counts.
    private CheckResult CheckInputsKept(TaskRun task, int recomputed)
    {
        foreach (var input in _view.Plan.Inputs[task.Task.Index])
        {
            if (!_view.IsLost(task.Task.Index, task.MapIndex, input))
                continue;
            return input != recomputed && _clock.HasLeftFor(_durations.Of(task.Task)) ? CheckResult.Recompute(input) : CheckResult.Wait(task.State);
        }

        return CheckResult.Continue;
    }

    // The task itself ends here: what is to be run are its children.
    private CheckResult Map(TaskRun task)
    {
        if (!task.Task.IsMapped || task.MapIndex is not null)
            return CheckResult.Continue;
        try
        {
            return EndAs(task, task.State.EndWithoutBody(MapChildren.Expand(task.Task, _view, task.State.ForceRerun, task.IsResumed), task.Attempt));
        }
        catch (FlowException e)
        {
            return FailAs(task, e);
        }
    }

    // Where an upstream task failed, a target that depends on its result cannot be told yet: the trigger decides.
    private CheckResult CheckTarget(TaskRun task)
    {
        if (run.IsSensitive || task.Task.Target is null || !task.TakesTarget)
            return CheckResult.Continue;
        try
        {
            var path = _checkpointer.TargetOf(task)!;
            return (task.Task.Results ?? states.Results)!.Find(path, task.Task.Serializer?.Name, _clock.CancellationToken) is { } found
                ? Find(task, new(StateType.Cached, StateMessages.TargetFound(path)) { Result = found })
                : CheckResult.Continue;
        }
        catch (FlowSignalException signal)
        {
            return EndAs(task, task.State.EndWithoutBody(signal.State, task.Attempt));
        }
        catch (Exception e) when (!_clock.IsStop(e))
        {
            return FailAs(task, e);
        }
    }

    private CheckResult CheckCache(TaskRun task) =>
        !task.State.ForceRerun && !run.IsSensitive && task.Task.Cache is not null && _caching.Find(task) is { } cached ? Find(task, cached) : CheckResult.Continue;

    // What is found does not end the task yet: its trigger and its condition may refuse it.
    private CheckResult Find(TaskRun task, State found)
    {
        task.IsFound = true;
        return Change(task, task.State.Find(found));
    }

    private static CheckResult CheckFound(TaskRun task) => task.IsFound ? CheckResult.End(task.State) : CheckResult.Continue;

    private CheckResult CheckTrigger(TaskRun task) =>
        _admission.RefuseByTrigger(task) is { } refused ? EndAs(task, task.State.EndWithoutBody(refused, task.Attempt)) : CheckResult.Continue;

    private CheckResult CheckCondition(TaskRun task) =>
        _admission.RefuseByCondition(task) is { } refused ? EndAs(task, task.State.EndWithoutBody(refused, task.Attempt)) : CheckResult.Continue;

    private CheckResult CheckBudget(TaskRun task) =>
        (task.IsRerun ? _clock.HasTimeFor(_durations.Of(task.Task)) : _clock.TryStart(task.Task, _durations.Of(task.Task)))
            ? CheckResult.Continue
            : CheckResult.Wait(task.State);

    private CheckResult SetRunning(TaskRun task)
    {
        if (task.IsUnderWay) // the handlers were called when it began
        {
            task.State = task.State.Start(task.Attempt, task.IsResumed, task.State.SubflowRun!.Started);
            return CheckResult.Continue;
        }

        WarnOfUnknownInputs(task);
        return Change(task, task.State.Start(task.Attempt, task.IsResumed, _clock.Now))
            || (task.State.Type.IsRunning() ? CheckResult.Continue : CheckResult.End(task.State));
    }

    // A document need not hold the results of what it says is done.
    private void WarnOfUnknownInputs(TaskRun task)
    {
        var inputs = _view.Plan.Inputs[task.Task.Index];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (_view.IsUnknown(task.Task.Index, task.MapIndex, inputs[i]) && (_warned ??= []).Add((task.Task.Index, inputs[i])))
                step.Notices.Warn(StateMessages.ResultUnknown(task.Task.Slug, _view.Plan.Tasks[inputs[i]].Slug));
        }
    }

    private static CheckResult CheckEnded(in BodyOutcome outcome) => outcome.HasEnded ? CheckResult.Continue : CheckResult.Wait(outcome.State);

    private CheckResult SetOutcome(TaskRun task, in BodyOutcome outcome)
    {
        if (!run.IsSensitive && task.Task.Cache is not null)
            _caching.Locate(task);
        var ended = _checkpointer.Checkpoint(task, outcome.State);
        _durations.Note(task.Task, ended);
        return Change(task, ended) || (outcome.EndsRun ? CheckResult.End(task.State) : CheckResult.Continue);
    }

    private CheckResult Cache(TaskRun task) =>
        task.CachePath is not null && !task.IsReplaced && task.State is { IsSuccessful: true } state && !state.Type.IsSkipped() && _caching.Keep(task) is { } cached
            ? Change(task, cached)
            : CheckResult.Continue;

    // A body may ask for its retry itself.
    private CheckResult CheckRetry(TaskRun task)
    {
        var ended = _nextAttempt.Of(task) is { } retrying ? Change(task, retrying) : CheckResult.Continue;
        return task.State.Type == StateType.Retrying && !task.State.IsDueAfter(_clock.Now) ? CheckResult.Again(task.State) : ended;
    }

    // The next pass begins as Pending; no handler is called for that.
    private CheckResult CheckLoop(TaskRun task)
    {
        if (task.State.Type != StateType.Looped)
            return CheckResult.Continue;
        var looped = task.State;
        task.State = looped.NextPass();
        states.Change(task.Task, task.MapIndex, looped, task.State);
        return CheckResult.Again(task.State);
    }

    private CheckResult FailAs(TaskRun task, Exception e) =>
        EndAs(task, task.State.EndWithoutBody(TaskErrors.Fail(StateMessages.EngineFailed(e.Message), TaskError.From(e)), task.Attempt));

    private CheckResult EndAs(TaskRun task, State state) => Change(task, state) || CheckResult.End(task.State);

    private CheckResult Change(TaskRun task, State state)
    {
        var old = task.State;
        var result = handlers.Change(task, state);
        if (task.IsReplaced)
            task.State = handlers.Hide(task, _checkpointer.Check(task, task.State));
        states.Change(task.Task, task.MapIndex, old, task.State);
        return result;
    }
}
