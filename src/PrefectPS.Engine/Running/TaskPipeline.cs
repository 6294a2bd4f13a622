using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>
/// Drives one task as far as possible: asks the <see cref="TaskDecider"/> what is next, performs it, and asks again, until the task is to be run, to
/// wait, or has ended. Everything that happens to a task happens here.
/// </summary>
internal sealed class TaskPipeline
{
    private readonly RunStates _states;
    private readonly StepContext _step;
    private readonly StateHandlers _handlers;
    private readonly ExpectedDurations _durations;
    private readonly TaskDecider _decider;
    private readonly TaskEffects _effects;
    private readonly int _number; // the step's number
    private HashSet<(int Task, int Input)>? _warned;

    public TaskPipeline(RunStates states, RunIdentity run, StepContext step, StateHandlers handlers)
    {
        _states = states;
        _step = step;
        _handlers = handlers;
        _number = run.Step;
        _durations = new(states.States, step.Clock);
        _decider = new(states.View, run, step.Clock, _durations, isRecorded: step.Recorder is not null);
        _effects = step.Plan is { } plan ? new PlannedEffects(states, run, step, plan) : new TaskEffects(states, run, step);
    }

    /// <summary>Everything before the body, which is to be run if the decision says so.</summary>
    public TaskDecision Begin(TaskRun task)
    {
        task.CountUpstream(_states.View);
        var isToRun = false;
        try
        {
            var decision = Follow(task, Advance(task));
            isToRun = decision.Kind == DecisionKind.Run;
            return decision;
        }
        finally
        {
            if (!isToRun)
                task.LeavePlaces();
        }
    }

    /// <summary>Everything after the body.</summary>
    public TaskDecision End(TaskRun task, BodyOutcome outcome)
    {
        task.LeavePlaces();
        task.EndBody(outcome);
        return Follow(task, Advance(task));
    }

    /// <summary>Cancels a task because of the budget, unless a state handler chooses otherwise.</summary>
    /// <returns>The state the task is left in. A cancellation by the budget is not progress, and in no history.</returns>
    public State Cancel(TaskRun task)
    {
        var from = task.State;
        Set(task, from.CancelByBudget());
        if (!task.State.IsCancelledByBudget)
            Record(task, from, task.State);
        return task.State;
    }

    /// <summary>Skips a child because the map is over.</summary>
    /// <returns>The state the task is left in.</returns>
    public State LeaveOut(TaskRun task, State leftOut)
    {
        var from = task.State;
        Set(task, from.EndWithoutBody(leftOut, task.Attempt));
        Record(task, from, task.State);
        return task.State;
    }

    /// <summary>Ends a task because the run timed out.</summary>
    /// <returns>The state the task is left in.</returns>
    public State TimeOut(TaskRun task, TimeSpan timeout)
    {
        var message = StateMessages.RunTimedOut(timeout);
        var from = task.State;
        Set(task, from.EndUnderWay(new(StateType.TimedOut, message) { Error = new(message) { Id = FlowErrorId.RunTimedOut } }));
        Record(task, from, task.State);
        return task.State;
    }

    // A restart request depends on the final state: a failed write or a state handler may have changed it.
    private TaskDecision Follow(TaskRun task, TaskDecision decision)
    {
        if (task.AsksForRestart)
            _step.Follow(task, decision.State);
        return decision;
    }

    private TaskDecision Advance(TaskRun task)
    {
        while (true)
        {
            var decision = _decider.Decide(task);
            switch (decision.Kind)
            {
                case DecisionKind.Perform:
                    Perform(task, decision.Effect);
                    break;
                case DecisionKind.Start when !_step.MayBegin():
                    return TaskDecision.Wait(task.State);
                case DecisionKind.Start:
                    Start(task, decision);
                    break;
                case DecisionKind.Change:
                    Change(task, decision);
                    break;
                case DecisionKind.Receive:
                    Change(task, decision);
                    _states.Settle(task.Task, task.MapIndex, task.State);
                    break;
                case DecisionKind.ResumeSubflow:
                    task.Enter(decision.Next, decision.State);
                    break;
                case DecisionKind.Loop:
                    Record(task, task.State, decision.State);
                    task.Enter(decision.Next, decision.State);
                    break;
                case DecisionKind.Defer:
                    _step.Clock.Note(decision.Limit);
                    return decision;
                default:
                    return decision;
            }
        }
    }

    private void Perform(TaskRun task, Effect effect)
    {
        var result = _effects.Perform(task, effect);
        if (effect == Effect.WriteResult || (effect == Effect.AskAnswer && result.Kind != EffectResultKind.Nothing))
            _durations.Note(task.Task, result.State);
        task.SetResult(effect, result);
    }

    private void Start(TaskRun task, TaskDecision decision)
    {
        _step.Clock.Start(task);
        WarnOfUnknownInputs(task);
        if (_step.Plan is null && task.Task.Rerun is not null)
            _effects.MarkTarget(task);
        Change(task, decision);
        if (_step.RunsAlone && task.Task.Subflow is null && task.State.Type.IsRunning())
            _states.RunAlone(task.Task, task.MapIndex, new(_number, Environment.MachineName));
    }

    private void Change(TaskRun task, TaskDecision decision)
    {
        var from = task.State;
        var goesOn = Set(task, decision.State);
        Record(task, from, task.State);
        task.Enter(goesOn ? decision.Next : TaskPhase.Ended, task.State);
    }

    // Handlers may replace the state and end the task.
    private bool Set(TaskRun task, State state)
    {
        var goesOn = _handlers.Change(task, state);
        if (task.IsReplaced)
            task.State = _handlers.Hide(task, _effects.Check(task, task.State));
        return goesOn;
    }

    private void Record(TaskRun task, State from, State to) =>
        _states.Change(task.Task, task.MapIndex, from, to, isPoll: task.Given.HasPolled && (to.Type.IsRunning() || to.HasPolled));

    // A document may omit the results of finished tasks.
    private void WarnOfUnknownInputs(TaskRun task)
    {
        var inputs = _states.View.Plan.Inputs[task.Task.Index];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (_states.View.IsUnknown(task.Task.Index, task.MapIndex, inputs[i]) && (_warned ??= []).Add((task.Task.Index, inputs[i])))
                _step.Notices.Warn(StateMessages.ResultUnknown(task.Task.Slug, _states.View.Plan.Tasks[inputs[i]].Slug));
        }
    }
}
