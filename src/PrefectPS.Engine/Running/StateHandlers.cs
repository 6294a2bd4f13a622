using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Calls the state handlers on each change: the task's, then the flow's. Follows <c>Runner.handle_state_change</c>.</summary>
/// <param name="flowHandlers">The flow's handlers.</param>
/// <param name="run">The run's identity.</param>
/// <param name="secrets">Masks secrets in states.</param>
/// <param name="step">The step; handlers are not called if it is only planned.</param>
internal sealed class StateHandlers(IStateHandler[] flowHandlers, RunIdentity run, SecretKeeper secrets, StepContext step)
{
    private readonly bool _areCalled = step.Plan is null;
    private readonly IStateHandler[] _ofFlow = step.Plan is null ? flowHandlers : [];

    /// <summary>Changes the task's state; handlers may replace the new state.</summary>
    /// <returns>True if the task continues from its state; false if a handler ended the task.</returns>
    public bool Change(TaskRun task, State state)
    {
        var old = task.State;
        task.State = secrets.Hide(task, state);
        return (task.Task.StateHandlers.Length == 0 || !_areCalled || CallAll(task.Task.StateHandlers, task, old)) && (_ofFlow.Length == 0 || CallAll(_ofFlow, task, old));
    }

    /// <summary>Masks the secrets of a state that is set without calling handlers.</summary>
    public State Hide(TaskRun task, State state) => secrets.Hide(task, state);

    // If a handler throws on success or failure, the result is final: the body does not run again.
    private bool CallAll(IStateHandler[] handlers, TaskRun task, State old)
    {
        for (var i = 0; i < handlers.Length; i++)
        {
            try
            {
                if (handlers[i].Handle(new(task.Task, old, run, task.MapIndex), new(task.Task, task.State, run, task.MapIndex)) is { } other)
                    Replace(task, other.Inner);
            }
            catch (FlowSignalException signal)
            {
                Replace(task, step.Take(task, signal));
                return !signal.EndsRun;
            }
            catch (Exception e) when (e is not StepStoppedException)
            {
                var error = TaskErrors.Of(e);
                var hasEnded = task.State.Type.IsSuccessful() || task.State.Type.IsFailed();
                Replace(task, TaskErrors.Fail(StateMessages.HandlerFailed(error.Message), error));
                return !hasEnded;
            }
        }

        return true;
    }

    private void Replace(TaskRun task, State chosen)
    {
        if (run.Hides(task.Task))
            chosen = chosen with { Result = TaskResult.AsSecret(chosen.Result) };
        task.State = secrets.Hide(task, task.State.Replace(chosen));
        task.IsReplaced = true;
    }
}
