using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Running;

/// <summary>Evaluates a task's custom trigger and condition.</summary>
internal sealed class TaskAdmission(RunStateView states, RunIdentity run, StepContext step)
{
    /// <summary>The state to end in if the custom trigger refuses the upstream states; null if it accepts.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: an upstream result used by the trigger cannot be read.</exception>
    public State? RefuseByTrigger(TaskRun task)
    {
        TaskResult[] upstream = [.. UpstreamResults(task)];
        foreach (var result in upstream)
            result.StoreFault = null;
        var state = Ask((CustomTrigger)task.Task.TriggerRule, task);
        return upstream.Select(result => result.StoreFault).FirstOrDefault(fault => fault is not null) is { } fault && step.IsStoreFault(fault) ? throw fault : state;
    }

    /// <summary>The state to end in if the condition is not met; null if it is.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: an input cannot be read.</exception>
    public State? RefuseByCondition(TaskRun task)
    {
        step.ReadInputs(task, task.ArgumentsIn(run, states));
        return Ask(task.Task.Condition!, task);
    }

    private State? Ask(CustomTrigger trigger, TaskRun task) => Ask(
        task,
        () => trigger.Refuse(task.Upstream, task.IsResumed, () => UpstreamOf(task)),
        error => new(StateType.TriggerFailed, StateMessages.TriggerFailed(error.Message)) { Error = error });

    private State? Ask(ITaskCondition condition, TaskRun task) => Ask(
        task,
        () => condition.IsMet(task.ContextIn(run, step.Clock), task.ArgumentsIn(run, states)) ? null : new(StateType.Skipped, StateMessages.ConditionNotMet),
        error => TaskErrors.Fail(StateMessages.ConditionFailed(error.Message), error));

    private State? Ask(TaskRun task, Func<State?> refuse, Func<TaskError, State> fail)
    {
        try
        {
            return refuse();
        }
        catch (FlowSignalException signal)
        {
            return step.Take(task, signal);
        }
        catch (Exception e) when (!step.Clock.IsStop(e))
        {
            return fail(TaskErrors.Of(e));
        }
    }

    private IEnumerable<TaskResult> UpstreamResults(TaskRun task) => states.Plan.UpstreamOf(task.Task.Index).ToArray()
        .SelectMany(i => (states.States[i].Children ?? []).Append(states.States[i]))
        .Select(state => state.Result).OfType<TaskResult>().Where(result => !result.IsLoaded);

    private FlowTaskState[] UpstreamOf(TaskRun task) =>
        [.. states.Plan.UpstreamOf(task.Task.Index).ToArray().Select(i => new FlowTaskState(states.Plan.Tasks[i], states.States[i], run))];
}
