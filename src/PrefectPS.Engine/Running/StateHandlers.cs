using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Tells the state handlers of every change: the task's, then the flow's. Follows <c>Runner.handle_state_change</c>.</summary>
internal sealed class StateHandlers(IReadOnlyList<IStateHandler> flowHandlers, RunInfo run, SecretKeeper secrets)
{
    /// <summary>Takes down what the states become; null where nobody wants it.</summary>
    public IRunRecorder? Recorder { get; set; }

    /// <summary>Changes the task's state, and lets the handlers have their say.</summary>
    /// <returns>Null to go on with the task's state as it now is; a state to end with, where a handler ended the task's run.</returns>
    public State? Change(TaskRun task, State state)
    {
        var old = task.State;
        task.State = secrets.Hide(task, state);
        var ended = CallAll(task.Task.StateHandlers, task, old) ?? CallAll(flowHandlers, task, old);
        Recorder?.Changed(task.Task, task.MapIndex, old, task.State);
        return ended;
    }

    private State? CallAll(IReadOnlyList<IStateHandler> handlers, TaskRun task, State old)
    {
        for (var i = 0; i < handlers.Count; i++)
        {
            try
            {
                if (handlers[i].Handle(new(task.Task, old, run, task.MapIndex), new(task.Task, task.State, run, task.MapIndex)) is { } other)
                    task.State = Take(task, other.Inner);
            }
            catch (FlowSignalException signal)
            {
                task.State = Take(task, signal.State);
                return signal.EndsRun ? task.State : null;
            }
            catch (Exception e) when (e is not StepStoppedException)
            {
                var error = BodyRunner.ErrorOf(e);
                task.State = Take(task, new(StateType.Failed, StateMessages.HandlerFailed(error.Message)) { Error = error });
                return null;
            }
        }

        return null;
    }

    // The handler chose another state; when and how often the task ran, what it was mapped to, and that its result is a secret, is not for it to choose.
    private State Take(TaskRun task, State chosen) => secrets.Hide(task, chosen with
    {
        RunCount = task.State.RunCount,
        LoopCount = task.State.LoopCount,
        LoopResult = task.State.LoopResult,
        IsResumed = task.State.IsResumed && !chosen.Type.IsPending(),
        Children = chosen.Type == StateType.Mapped ? task.State.Children : null,
        Started = task.State.Started,
        Ended = task.State.Ended,
        Subrun = task.State.Subrun,
        IsRepeat = task.State.IsRepeat,
        Result = run.Hides(task.Task) ? TaskResult.AsSecret(chosen.Result) : chosen.Result,
    });
}
