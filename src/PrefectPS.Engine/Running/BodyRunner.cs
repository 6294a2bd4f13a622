using System.Diagnostics.CodeAnalysis;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Runs task bodies and turns their results and exceptions into outcomes.</summary>
internal sealed class BodyRunner(RunStates all, RunIdentity run, StepContext step)
{
    private readonly RunStateView _states = all.View;
    private readonly StepClock _clock = step.Clock;

    /// <summary>Runs the body on this thread.</summary>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public BodyOutcome Run(TaskRun task)
    {
        try
        {
            Prepare(task);
            step.Progress?.Begin(task);
            task.Activity = AttemptActivity.Begin(task, run, isHere: true);
            var outcome = RunHere(task);
            step.Progress?.End(task);
            return outcome;
        }
        catch
        {
            task.Activity?.Dispose();
            throw;
        }
        finally
        {
            task.LeavePlaces();
        }
    }

    // Before the body begins, its inputs are recorded and readable.
    private void Prepare(TaskRun task)
    {
        if (step.Recorder is not { } recorder)
            return;
        recorder.Flush();
        task.Places?.EnsureHeld();
        step.ReadInputs(task, task.ArgumentsIn(run, _states));
    }

    // No delegate in between: this is the hottest path of a step.
    private BodyOutcome RunHere(TaskRun task)
    {
        try
        {
            _clock.CancellationToken.ThrowIfCancellationRequested();
            return Succeed(task, step.Thread is { } thread ? RunOn(thread, task) : task.Task.Body!.Run(task.ContextIn(run, _clock), task.ArgumentsIn(run, _states)));
        }
        catch (Exception e) when (_clock.IsEndOfTime(e))
        {
            _clock.UseUp();
            return BodyOutcome.Left(task.State);
        }
        catch (Exception e) when (!_clock.IsStop(e))
        {
            return OutcomeOf(task, e, subflow: null);
        }
    }

    private object? RunOn(ISessionThread thread, TaskRun task)
    {
        object? value = null;
        thread.Run(() => value = task.Task.Body!.Run(task.ContextIn(run, _clock), task.ArgumentsIn(run, _states)), _clock.End);
        return value;
    }

    /// <summary>Starts the body off the step's thread.</summary>
    /// <param name="task">The task.</param>
    /// <param name="pool">Where it runs.</param>
    /// <param name="post">As for <see cref="IBodyPool.Start"/>.</param>
    /// <param name="ended">As for <see cref="IBodyPool.Start"/>.</param>
    /// <param name="stop">Cancelled when the body has to end.</param>
    /// <param name="body">The body, if it was started.</param>
    /// <param name="failure">The outcome, if it could not be started.</param>
    public bool TryStart(
        TaskRun task, IBodyPool pool, Action<Action> post, Action ended, CancellationToken stop, [NotNullWhen(true)] out IBodyRun? body, out BodyOutcome failure)
    {
        body = null;
        try
        {
            Prepare(task);
        }
        catch
        {
            task.LeavePlaces();
            throw;
        }

        step.Progress?.Begin(task);
        try
        {
            _clock.CancellationToken.ThrowIfCancellationRequested();
            task.Activity = AttemptActivity.Begin(task, run, isHere: false);
            body = pool.Start(task.Task, task.ContextIn(run, _clock, stop), task.ArgumentsIn(run, _states), post, ended);
            failure = default;
            return true;
        }
        catch (Exception e) when (!_clock.IsStop(e))
        {
            failure = OutcomeOf(task, e, subflow: null);
            return false;
        }
    }

    /// <summary>Turns the result or exception of an ended body into an outcome.</summary>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public BodyOutcome Conclude(TaskRun task, Func<object?> body)
    {
        try
        {
            _clock.CancellationToken.ThrowIfCancellationRequested();
            return Succeed(task, body());
        }
        catch (Exception e) when (!_clock.IsStop(e))
        {
            return OutcomeOf(task, e, subflow: null);
        }
    }

    /// <summary>Outcome of a body stopped by its timeout.</summary>
    public BodyOutcome TimeOut(TaskRun task) => BodyOutcome.Ended(Finish(task, new(StateType.TimedOut, StateMessages.TimedOut), subflow: null));

    /// <summary>Handles the loss of the process that ran the body alone: it counts as a crash.</summary>
    /// <returns>The outcome if the task has crashed too often; null if the body is to run again.</returns>
    public BodyOutcome? EndAsLost(TaskRun task, WorkerLoss loss)
    {
        var crash = new TaskCrash(run.Step, loss.Machine);
        all.AddCrash(task.Task, task.MapIndex, crash);
        task.State = task.State.RunAlone(crash);
        return TaskErrors.Crashed(task.Task, task.State) is { } failed ? BodyOutcome.Ended(Finish(task, failed, subflow: null), endsRun: true) : null;
    }

    /// <summary>Evaluates a state; a signal or exception becomes the outcome.</summary>
    /// <param name="task">The task.</param>
    /// <param name="body">Computes the state.</param>
    /// <param name="subflow">The task's subflow run, kept if the function throws; null if none.</param>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public BodyOutcome Evaluate(TaskRun task, Func<State> body, FlowState? subflow = null)
    {
        try
        {
            _clock.CancellationToken.ThrowIfCancellationRequested();
            return BodyOutcome.Ended(Finish(task, body(), subflow));
        }
        catch (Exception e) when (!_clock.IsStop(e) && !step.IsStoreFault(e))
        {
            return OutcomeOf(task, e, subflow);
        }
    }

    private BodyOutcome Succeed(TaskRun task, object? value)
    {
        var result = run.Hides(task.Task) ? TaskResult.Secret(value) : TaskResult.Of(value);
        return BodyOutcome.Returned(task.State.Succeed(result, _clock.Now));
    }

    // A signal names the state to end in; any other exception fails the task.
    private BodyOutcome OutcomeOf(TaskRun task, Exception e, FlowState? subflow)
    {
        if (e is not FlowSignalException signal)
        {
            var error = TaskErrors.Of(e);
            return BodyOutcome.Ended(Finish(task, TaskErrors.Fail(StateMessages.BodyFailed(error.Message), error), subflow));
        }

        var state = step.Take(task, signal);
        if (state is { Type: StateType.Looped, Message: null })
            state = state with { Message = StateMessages.IsLooping(task.State.LoopCount) };
        if (state is { Result: null, IsSuccessful: true } && !state.Type.IsSkipped())
            state = state with { Result = TaskResult.Unspecified };
        return BodyOutcome.Ended(Finish(task, state, subflow), signal.EndsRun);
    }

    private State Finish(TaskRun task, State outcome, FlowState? subflow)
    {
        if (run.Hides(task.Task))
            outcome = outcome with { Result = TaskResult.AsSecret(outcome.Result) };
        if (subflow is not null && outcome.SubflowRun is null)
            outcome = outcome.WithSubflow(subflow);
        return task.State.End(outcome, _clock.Now);
    }
}
