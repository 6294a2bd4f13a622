using System.Diagnostics.CodeAnalysis;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Runs the bodies of tasks, and turns what they return or throw into outcomes.</summary>
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

    // What the body builds on is on record before it begins, and what it is given can be read.
    private void Prepare(TaskRun task)
    {
        if (step.Recorder is not { } recorder)
            return;
        recorder.Flush();
        task.Places?.Demand();
        step.ReadInputs(task, task.ArgumentsIn(run, _states));
    }

    // Without a delegate in between: this is what a step does most.
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

    /// <summary>Starts the body beside this thread.</summary>
    /// <param name="task">The task.</param>
    /// <param name="pool">Where it runs.</param>
    /// <param name="post">As of <see cref="IBodyPool.Start"/>.</param>
    /// <param name="ended">As of <see cref="IBodyPool.Start"/>.</param>
    /// <param name="stop">Cancelled when it has to end.</param>
    /// <param name="body">The body, where it was started.</param>
    /// <param name="failure">The outcome, where it could not be started.</param>
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

    /// <summary>The outcome of a body that returns or throws.</summary>
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

    /// <summary>The outcome of a body that was stopped because it took too long.</summary>
    public BodyOutcome TimeOut(TaskRun task) => BodyOutcome.Ended(Finish(task, new(StateType.TimedOut, StateMessages.TimedOut), subflow: null));

    /// <summary>The process that the body ran in, alone, is gone, and that counts against it.</summary>
    /// <returns>The outcome where that has happened too often; null where the body is to begin anew.</returns>
    public BodyOutcome? EndByLoss(TaskRun task, WorkerLoss loss)
    {
        var crash = new TaskCrash(run.Step, loss.Machine);
        all.AddCrash(task.Task, task.MapIndex, crash);
        task.State = task.State.RunAlone(crash);
        return TaskErrors.Crashed(task.Task, task.State) is { } failed ? BodyOutcome.Ended(Finish(task, failed, subflow: null), endsRun: true) : null;
    }

    /// <summary>The outcome that a function returns, or the one of the signal or error that it throws.</summary>
    /// <param name="task">The task.</param>
    /// <param name="body">Makes the state.</param>
    /// <param name="subflow">The run of the task's subflow, where the function fails; null for none.</param>
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

    // A signal says itself what the task ends in; anything else that is thrown fails it.
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
