using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Running;

/// <summary>
/// Decides what happens to a task, by checks in the order of <c>prefect.engine.task_runner.TaskRunner.run</c>. A pure function of the run, the clock, the
/// budget and the results of effects: asked twice, it decides the same.
/// </summary>
/// <param name="view">The run's states.</param>
/// <param name="run">The run's identity.</param>
/// <param name="clock">The time and the remaining budget.</param>
/// <param name="durations">Expected durations of tasks.</param>
/// <param name="isRecorded">Whether the run is recorded: a failing store then ends the step, not the task.</param>
internal sealed class TaskDecider(RunStateView view, RunIdentity run, StepClock clock, ExpectedDurations durations, bool isRecorded)
{
    private static readonly State UpstreamSkipped = new(StateType.Skipped, StateMessages.UpstreamSkipped);

    /// <summary>Decides the next action for a task in its current phase.</summary>
    public TaskDecision Decide(TaskRun task) => task.Phase switch
    {
        TaskPhase.Given => DecideGiven(task),
        TaskPhase.Found => CheckTrigger(task) || CheckCondition(task) || TaskDecision.End(task.State),
        TaskPhase.Started => CheckRunning(task) || TaskDecision.Run,
        TaskPhase.BodyRun => CheckOutcome(task) || CheckAnswer(task) || CheckWritten(task) || SetOutcome(task),
        TaskPhase.OutcomeSet => CheckKept(task) || DecideCached(task),
        TaskPhase.Cached => DecideCached(task),
        TaskPhase.RetrySet => DecideRetrySet(task),
        TaskPhase.Looped => TaskDecision.Again(task.State),
        _ => TaskDecision.End(task.State),
    };

    private TaskDecision DecideGiven(TaskRun task) =>
        CheckReady(task)
        || CheckStartTime(task)
        || CheckUpstreamFinished(task)
        || CheckUpstreamSkipped(task)
        || CheckInputsKept(task)
        || CheckMapped(task)
        || CheckMayBegin(task)
        || CheckEvent(task)
        || CheckDelay(task)
        || CheckCrashes(task)
        || CheckBudget(task)
        || CheckPlaces(task)
        || Start(task);

    private TaskDecision DecideCached(TaskRun task) => CheckRetry(task) || DecideRetrySet(task);

    private TaskDecision DecideRetrySet(TaskRun task) => CheckAgain(task) || CheckLoop(task) || TaskDecision.End(task.State);

    // A mapped task whose document did not list its children is mapped again.
    private static TaskDecision CheckReady(TaskRun task) =>
        task.State.Type.Has(StateTraits.Pending | StateTraits.Meta | StateTraits.Running | StateTraits.Mapped) ? TaskDecision.Continue : TaskDecision.Wait(task.State);

    private TaskDecision CheckStartTime(TaskRun task) =>
        task.State.Type.IsScheduled() && (task.State.AwaitsApproval || task.State.IsDueAfter(clock.Now)) && !view.Events.CanWake(task.State)
            ? TaskDecision.Wait(task.State)
            : TaskDecision.Continue;

    private static TaskDecision CheckUpstreamFinished(TaskRun task) =>
        task.Upstream.Finished == task.Upstream.Total ? TaskDecision.Continue : TaskDecision.Wait(task.State);

    private static TaskDecision CheckUpstreamSkipped(TaskRun task) =>
        task.Task.SkipOnUpstreamSkip && task.Upstream.Skipped > 0 ? EndAs(task, UpstreamSkipped) : TaskDecision.Continue;

    // A secret input was not kept: its task runs again in this step, and its new outcome counts.
    private TaskDecision CheckInputsKept(TaskRun task)
    {
        foreach (var input in view.Plan.Inputs[task.Task.Index])
        {
            if (!view.IsLost(task.Task.Index, task.MapIndex, input))
                continue;
            if (input == task.Recomputed)
                return TaskDecision.Wait(task.State);
            var limit = clock.LimitOf(durations.Of(task.Task));
            return limit == BudgetLimit.None ? TaskDecision.Recompute(input) : TaskDecision.Defer(task.State, limit);
        }

        return TaskDecision.Continue;
    }

    // The mapped task itself ends here; its children run.
    private TaskDecision CheckMapped(TaskRun task)
    {
        if (!task.Task.IsMapped || task.MapIndex is not null)
            return TaskDecision.Continue;
        try
        {
            return EndAs(task, MapChildren.Expand(task.Task, view, run, task.State.ForceRerun, task.IsResumed));
        }
        catch (FlowException e) when (!isRecorded || e.Id != FlowErrorId.StoreFailed)
        {
            return EndAs(task, TaskErrors.FailInEngine(e));
        }
    }

    // A begun subflow and a task waiting for its event have passed these checks, but their inputs may have failed since.
    private TaskDecision CheckMayBegin(TaskRun task) =>
        task.IsUnderWay ? CheckMayGoOn(task)
        : task.State.Event is not null ? TaskDecision.Continue
        : CheckTarget(task) || CheckCache(task) || CheckTrigger(task) || CheckCondition(task);

    private static TaskDecision CheckMayGoOn(TaskRun task)
    {
        if (task.Recomputed == TaskRun.NoInput)
            return TaskDecision.Continue;
        var refused = RefusalOf(task, out var open);
        return open || (refused is null ? TaskDecision.Continue : TaskDecision.Change(task.State.EndUnderWay(refused), TaskPhase.Ended));
    }

    // If an upstream task failed, a target that depends on its result is unknown: the trigger decides.
    private TaskDecision CheckTarget(TaskRun task) =>
        !run.IsSensitive && task.Task.Target is not null && task.TakesTarget ? Find(task, Effect.FindTarget) : TaskDecision.Continue;

    private TaskDecision CheckCache(TaskRun task) =>
        !run.IsSensitive && task.Task.Cache is not null && !task.State.ForceRerun && !task.IsPart ? Find(task, Effect.FindCached) : TaskDecision.Continue;

    private static TaskDecision CheckTrigger(TaskRun task)
    {
        var refused = RefusalOf(task, out var open);
        return open || (refused is null ? TaskDecision.Continue : EndAs(task, refused));
    }

    private static TaskDecision CheckCondition(TaskRun task) =>
        task.Task.Condition is null ? TaskDecision.Continue
        : !task.HasPerformed(Effect.AskCondition) ? TaskDecision.Perform(Effect.AskCondition)
        : task.ResultOf(Effect.AskCondition) is { Kind: EffectResultKind.Refused } refused ? EndAs(task, refused.State)
        : TaskDecision.Continue;

    private TaskDecision CheckEvent(TaskRun task)
    {
        if (task.Task.Event is not { } wait || task.IsUnderWay)
            return TaskDecision.Continue;
        if (task.IsRerun && task.State.Event is null or { IsLeftOut: true })
            return EndAs(task, new(StateType.Failed, StateMessages.EventGone) { Error = new(StateMessages.EventGone) });
        if (task.State.Event is { IsWaiting: false })
            return TaskDecision.Continue;
        if (!task.HasPerformed(Effect.FindEvent))
            return TaskDecision.Perform(Effect.FindEvent);
        if (task.ResultOf(Effect.FindEvent) is { Kind: not EffectResultKind.Nothing } result)
        {
            return result.Kind == EffectResultKind.Refused ? EndAs(task, result.State)
                : result.State.Event is { IsWaiting: true } ? TaskDecision.Change(result.State, TaskPhase.Ended)
                : TaskDecision.Receive(result.State);
        }

        return task.State.Event is { Until: { } until } late && until <= clock.Now ? EndWait(task, late, wait.TimeoutAction) : TaskDecision.Wait(task.State);
    }

    private static TaskDecision EndWait(TaskRun task, AwaitedEvent late, WaitTimeoutAction action) => action switch
    {
        WaitTimeoutAction.Run => TaskDecision.Receive(task.State.Receive(late with { IsWaived = true }, task.Attempt, task.IsResumed)),
        WaitTimeoutAction.Skip => EndAs(task, new(StateType.Skipped, StateMessages.EventTimedOut(late))),
        _ => EndAs(task, new(StateType.TimedOut, StateMessages.EventTimedOut(late)) { Error = new(StateMessages.EventTimedOut(late)) }),
    };

    // Once, from when the task could have begun: retries, polls, loop passes and reruns for a lost result are not delayed.
    private TaskDecision CheckDelay(TaskRun task) =>
        task.Task.Delay is not { } delay || task.State.Wait is not null || task.State.Type == StateType.Retrying || task.IsUnderWay || task.IsRerun ? TaskDecision.Continue
        : TaskDecision.Change(task.State.Delay(delay, clock.Now.Plus(delay), task.Attempt, task.IsResumed), TaskPhase.Ended);

    private static TaskDecision CheckCrashes(TaskRun task) =>
        task.Task.Subflow is null && TaskErrors.Crashed(task.Task, task.State) is { } failed ? EndAs(task, failed) : TaskDecision.Continue;

    private TaskDecision CheckBudget(TaskRun task)
    {
        var expected = durations.Of(task.Task);
        var limit = task.IsRerun ? clock.TimeLimitOf(expected) : clock.LimitOf(expected);
        return limit == BudgetLimit.None ? TaskDecision.Continue : TaskDecision.Defer(task.State, limit);
    }

    // A task that waits already keeps waiting: another failed try is not worth an event.
    private static TaskDecision CheckPlaces(TaskRun task)
    {
        if (!task.NeedsPlaces)
            return TaskDecision.Continue;
        if (!task.HasPerformed(Effect.TakePlaces))
            return TaskDecision.Perform(Effect.TakePlaces);
        if (task.ResultOf(Effect.TakePlaces) is not { Kind: EffectResultKind.Refused, State: var full })
            return TaskDecision.Continue;
        if (task.IsRerun)
            return TaskDecision.Wait(task.State);
        var waiting = task.State.AwaitPlaces(full, task.Attempt, task.IsResumed);
        return task.State.Type == StateType.Scheduled && task.State.Message == full.Message ? TaskDecision.Wait(waiting) : TaskDecision.Change(waiting, TaskPhase.Ended);
    }

    private TaskDecision Start(TaskRun task) => task.IsUnderWay
        ? TaskDecision.ResumeSubflow(task.State.Start(task.Attempt, task.IsResumed, task.State.SubflowRun!.StartTime))
        : task.Task is { Delay: null, Poll: null } ? TaskDecision.Start(ToStart(task).Start(task.Attempt, task.IsResumed, clock.Now))
        : StartTimed(task, clock.Now);

    // A later step that resumes the subflow does not check the target again.
    private static State ToStart(TaskRun task) => task.TargetChange is not null && task.Task.Subflow is not null ? task.State.ForcingRerun() : task.State;

    // All polls of a task share one timeout, from the start of the first.
    private static TaskDecision StartTimed(TaskRun task, DateTimeOffset now)
    {
        var wait = task.State.Wait ?? new();
        if (wait.Until is null && task.Task.Poll?.Timeout is { } timeout)
            wait = wait with { Until = now.Plus(timeout) };
        return TaskDecision.Start(ToStart(task).Start(task.Attempt, task.IsResumed, now, wait));
    }

    // A state handler may have replaced the state.
    private static TaskDecision CheckRunning(TaskRun task) => task.State.Type.IsRunning() ? TaskDecision.Continue : TaskDecision.End(task.State);

    private static TaskDecision CheckOutcome(TaskRun task) => task.Outcome.HasEnded ? TaskDecision.Continue : TaskDecision.Wait(task.Outcome.State);

    // Only returned values are tested: a signal names its own state.
    private static TaskDecision CheckAnswer(TaskRun task) =>
        task.Task.Poll is null || !task.Outcome.IsReturned ? TaskDecision.Continue
        : !task.HasPerformed(Effect.AskAnswer) ? TaskDecision.Perform(Effect.AskAnswer)
        : task.ResultOf(Effect.AskAnswer) is { Kind: not EffectResultKind.Nothing } result
            ? TaskDecision.Change(result.State, result.Kind == EffectResultKind.Refused ? TaskPhase.OutcomeSet : TaskPhase.Ended)
        : TaskDecision.Continue;

    private static TaskDecision CheckWritten(TaskRun task) =>
        task.HasPerformed(Effect.WriteResult) ? TaskDecision.Continue : TaskDecision.Perform(Effect.WriteResult);

    private static TaskDecision SetOutcome(TaskRun task) =>
        TaskDecision.Change(task.ResultOf(Effect.WriteResult).State, task.Outcome.EndsRun ? TaskPhase.Ended : TaskPhase.OutcomeSet);

    private static TaskDecision CheckKept(TaskRun task) =>
        task.CachePath is null || task.IsReplaced || !task.State.IsSuccessful || task.State.Type.IsSkipped() ? TaskDecision.Continue
        : !task.HasPerformed(Effect.KeepResult) ? TaskDecision.Perform(Effect.KeepResult)
        : task.ResultOf(Effect.KeepResult) is { Kind: EffectResultKind.Found } kept ? TaskDecision.Change(kept.State, TaskPhase.Cached)
        : TaskDecision.Continue;

    private TaskDecision CheckRetry(TaskRun task)
    {
        if (!task.State.IsFailed || task.Task.Retry is not { } policy || task.Attempt > policy.MaxRetries)
            return TaskDecision.Continue;
        if (policy.Filter is not null && !task.HasPerformed(Effect.AskRetryFilter))
            return TaskDecision.Perform(Effect.AskRetryFilter);
        if (task.ResultOf(Effect.AskRetryFilter).Kind == EffectResultKind.Refused)
            return TaskDecision.Continue;
        var due = clock.Now.Plus(policy.DelayAfter(task.Attempt, clock.Chance));
        return TaskDecision.Change(task.State.Retry(StateMessages.Retrying(task.Attempt, policy.MaxRetries), due), TaskPhase.RetrySet);
    }

    // The body or a state handler may request the retry itself.
    private TaskDecision CheckAgain(TaskRun task) =>
        task.State.Type == StateType.Retrying && !task.State.IsDueAfter(clock.Now) ? TaskDecision.Again(task.State) : TaskDecision.Continue;

    private static TaskDecision CheckLoop(TaskRun task) =>
        task.State.Type == StateType.Looped ? TaskDecision.Loop(task.State.NextPass()) : TaskDecision.Continue;

    private static TaskDecision Find(TaskRun task, Effect effect) =>
        !task.HasPerformed(effect) ? TaskDecision.Perform(effect)
        : task.ResultOf(effect) is not { Kind: not EffectResultKind.Nothing } result ? TaskDecision.Continue
        : result.Kind == EffectResultKind.Found ? TaskDecision.Change(task.State.Find(result.State), TaskPhase.Found)
        : EndAs(task, result.State);

    // A custom trigger is evaluated by an effect.
    private static State? RefusalOf(TaskRun task, out TaskDecision open)
    {
        open = TaskDecision.Continue;
        if (task.Task.TriggerRule is not CustomTrigger)
            return task.Task.TriggerRule.Refuse(task.Upstream, task.IsResumed);
        if (task.HasPerformed(Effect.AskTrigger))
            return task.ResultOf(Effect.AskTrigger) is { Kind: EffectResultKind.Refused } refused ? refused.State : null;
        open = TaskDecision.Perform(Effect.AskTrigger);
        return null;
    }

    private static TaskDecision EndAs(TaskRun task, State state) => TaskDecision.Change(task.State.EndWithoutBody(state, task.Attempt), TaskPhase.Ended);
}
