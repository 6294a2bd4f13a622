using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>
/// Undoes the marked tasks of a run, one after the other on the step's own thread, within the step's budget. Each undo is recorded before the next
/// begins, so that one runs again only if the process died in it. Failed undos are retried like the task; a final failure is reported, and upstream tasks
/// stay. An undo whose task finds no free tag slot is tried again later.
/// </summary>
internal sealed class UndoPass(RunStates states, RunIdentity run, StepContext step)
{
    private readonly StepClock _clock = step.Clock;
    private readonly Dictionary<IUndoStates, SecretKeeper> _secrets = [];

    /// <summary>Undoes until nothing can be undone now.</summary>
    /// <exception cref="StepStoppedException">The step was stopped from outside.</exception>
    public void Run()
    {
        _clock.Undoing(begins: true);
        try
        {
            do
            {
                while (TryUndoAll())
                {
                }
            }
            while (!_clock.IsUsedUp && !step.IsHalted && NextDue() is { } next && step.TryWaitUntil(next));
        }
        finally
        {
            _clock.Undoing(begins: false);
        }
    }

    private DateTimeOffset? NextDue() => UndoOrder.Of(states).Min(item => item.State.Undo!.DueTime);

    // False if none was tried or the step ends.
    private bool TryUndoAll()
    {
        var hasTried = false;
        foreach (var item in UndoOrder.Of(states))
        {
            if (item.State.Undo!.DueTime is { } due && due > _clock.Now)
            {
                step.Plan?.Note(TaskRunOf(item), FlowPlanAction.Wait, WhyLater(item, due));
                continue;
            }

            if (!TryUndo(item))
                return false;
            hasTried = true;
        }

        return hasTried;
    }

    // Without an error, it waits for a slot.
    private string WhyLater(UndoItem item, DateTimeOffset due) => item.State.Undo!.Error is null && step.Places is { } places && places.FindFull(item.Task) is { } fullTag
        ? PlanReasons.OfPlace(fullTag, places)
        : PlanReasons.OfUndoRetry(due);

    private bool TryUndo(UndoItem item)
    {
        var task = TaskRunOf(item);
        if (item.Task.UndoBody is not { } undo)
        {
            Settle(item, item.State.EndUndo());
            step.Plan?.Note(task, FlowPlanAction.Undo, PlanReasons.HasNothingToUndo);
            return true;
        }

        var limit = _clock.LimitOfUndo();
        if (limit != BudgetLimit.None)
        {
            _clock.Note(limit);
            step.Plan?.Note(task, FlowPlanAction.Wait, PlanReasons.OfUndoBudget);
            return false;
        }

        if (!step.MayBegin())
            return false;
        using var places = TakePlaces(item.Task, out var fullTag);
        if (fullTag is not null)
        {
            step.Plan?.Note(task, FlowPlanAction.Wait, PlanReasons.OfPlace(fullTag, step.Places!));
            Settle(item, item.State.AwaitUndo(_clock.Now.Plus(step.Places!.Interval)));
            return true;
        }

        _clock.StartUndo();
        if (step.Plan is { } plan)
        {
            plan.Note(task, FlowPlanAction.Undo, PlanReasons.OfUndo(item.State));
            Settle(item, item.State.EndUndo());
            return true;
        }

        if (TaskErrors.Crashed(item.Task, item.State) is { Error: { } crash })
        {
            Fail(item, task, crash, attempt: int.MaxValue, cause: null);
            return true;
        }

        if (step.RunsAlone)
            ((RunStates)item.Run).RunAlone(item.Task, item.Child, new(run.Step, Environment.MachineName));
        step.Recorder?.Flush();
        places?.EnsureHeld();
        if (!TryCall(item, task, undo))
            return false;
        step.Recorder?.Save();
        return true;
    }

    // Acquires all tag slots that the task needs, or none; in a plan, only checks them.
    private IHeldPlaces? TakePlaces(FlowTask task, out string? fullTag)
    {
        fullTag = null;
        if (step.Places is not { } places || !places.AreFor(task))
            return null;
        if (step.Plan is null)
            return places.TryTake(task, out fullTag);
        fullTag = places.FindFull(task);
        return null;
    }

    private bool TryCall(UndoItem item, TaskRun task, ITaskUndo undo)
    {
        try
        {
            _clock.CancellationToken.ThrowIfCancellationRequested();
            var result = item.State.IsResultLost ? throw FlowErrors.UndoWithoutResult(item.Task, task.Path) : item.State.ReadResult();
            Call(() => undo.Undo(task.ContextIn(run, _clock), result));
            Settle(item, item.State.EndUndo());
        }
        catch (Exception e) when (_clock.IsEndOfTime(e))
        {
            _clock.UseUp();
            return false;
        }
        catch (FlowSignalException signal) when (signal is { State.IsSuccessful: true, Computer: null })
        {
            Settle(item, item.State.EndUndo());
        }
        catch (Exception e) when (!_clock.IsStop(e) && !step.IsStoreFault(e))
        {
            var error = e is not FlowSignalException signal ? TaskErrors.Of(e)
                : signal.Computer is not null ? new(StateMessages.RestartInUndo)
                : signal.State.Error ?? new(signal.Message);
            Fail(item, task, error, item.State.Undo!.Attempt, e);
        }

        return true;
    }

    private void Call(Action undo)
    {
        if (step.Thread is { } thread)
            thread.Run(undo, _clock.End);
        else
            undo();
    }

    private void Fail(UndoItem item, TaskRun task, TaskError thrown, int attempt, Exception? cause)
    {
        var error = task.Secrets!.Hide(task, TaskErrors.Fail(thrown.Message, thrown)).Error!;
        if (item.Task.Retry is { } policy && attempt <= policy.MaxRetries && MayRetry(policy, task, thrown))
        {
            Settle(item, item.State.RetryUndo(error, _clock.Now.Plus(policy.DelayAfter(attempt, _clock.Chance))));
            step.Recorder?.RecordLine(task.Path, task.Attempt, FlowLogSource.Warning, StateMessages.UndoRetried(error.Message, attempt, policy.MaxRetries));
            return;
        }

        Settle(item, item.State.FailUndo(error));
        var failure = FlowErrors.UndoFailed(item.Task, task.Path, error.Message, cause);
        step.Recorder?.RecordLine(task.Path, task.Attempt, FlowLogSource.Error, failure.Message);
        step.Notices.Report(failure);
    }

    // If the filter itself fails, the undo is not retried, and the fault is reported.
    private bool MayRetry(RetryPolicy policy, TaskRun task, TaskError error)
    {
        try
        {
            return policy.Filter?.Invoke(error) != false;
        }
        catch (Exception e) when (!_clock.IsStop(e))
        {
            step.Notices.Report(FlowErrors.RetryFilterFailed(task.Slug, e));
            return false;
        }
    }

    // The current subflow run is stored in its task's state.
    private static void Settle(UndoItem item, State state)
    {
        var owner = (RunStates)item.Run;
        if (owner.SubflowOf(item.Task, item.Child) is { } inside)
            state = state.WithSubflow(inside.Look());
        if (state.Type != item.State.Type)
            owner.Change(item.Task, item.Child, item.State, state);
        owner.Settle(item.Task, item.Child, state);
    }

    private TaskRun TaskRunOf(UndoItem item)
    {
        var owner = (RunStates)item.Run;
        if (!_secrets.TryGetValue(owner, out var secrets))
            _secrets[owner] = secrets = new(owner.View, run, step.Notices, owner.Path);
        return new(item.Task, item.State, _clock, item.Child) { Secrets = secrets, Recorder = step.Recorder };
    }
}
