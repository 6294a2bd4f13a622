using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Calls what a task brings along, its condition and its body, and makes states of what comes of it.</summary>
internal sealed class BodyRunner(FlowPlan plan, State[] states, RunInfo run, StepClock clock)
{
    /// <summary>The state to end in where the task's condition is not met; null where it is.</summary>
    public State? RefuseByCondition(TaskRun task)
    {
        if (task.Task.When is not { } condition)
            return null;
        try
        {
            return condition.IsMet(ContextOf(task), ArgumentsOf(task)) ? null : new(StateType.Skipped, StateMessages.ConditionNotMet);
        }
        catch (FlowSignalException signal)
        {
            return signal.State;
        }
        catch (Exception e) when (!IsStop(e))
        {
            var error = ErrorOf(e);
            return Failed(StateMessages.ConditionFailed(error.Message), error);
        }
    }

    /// <summary>Runs the body on this thread; sets what the task came to.</summary>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public void Run(TaskRun task) => SetOutcome(task, () => task.Task.Body.Run(ContextOf(task), ArgumentsOf(task)));

    /// <summary>Begins to run the body beside this thread; null where it could not be begun, and what the task came to is set.</summary>
    public IBodyRun? Start(TaskRun task, IBodyPool pool, Action<Action> post, Action ended)
    {
        IBodyRun? body = null;
        SetOutcome(task, () => body = pool.Start(task.Task, ContextOf(task), ArgumentsOf(task), post, ended));
        if (body is not null)
            task.Outcome = null;
        return body;
    }

    /// <summary>Sets what the task came to, as its body returns or throws.</summary>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public void SetOutcome(TaskRun task, Func<object?> body)
    {
        State outcome;
        try
        {
            clock.CancellationToken.ThrowIfCancellationRequested();
            outcome = new(StateType.Success, StateMessages.Succeeded) { Result = TaskResult.Of(body()) };
        }
        catch (FlowSignalException signal)
        {
            outcome = signal.State is { Type: StateType.Looped, Message: null } loop
                ? loop with { Message = StateMessages.IsLooping(task.State.LoopCount) }
                : signal.State;
            task.OutcomeEndsRun = signal.EndsRun;
        }
        catch (Exception e) when (!IsStop(e))
        {
            var error = ErrorOf(e);
            outcome = Failed(StateMessages.BodyFailed(error.Message), error);
        }

        SetOutcome(task, outcome);
    }

    /// <summary>The body was stopped because it took too long.</summary>
    public void SetTimedOut(TaskRun task) => SetOutcome(task, new State(StateType.TimedOut, StateMessages.TimedOut));

    /// <summary>Sets what the task came to.</summary>
    public void SetOutcome(TaskRun task, State outcome) => task.Outcome = outcome with
    {
        RunCount = task.Attempt,
        LoopCount = task.State.LoopCount,
        LoopResult = task.State.LoopResult,
        Started = task.State.Started,
        Ended = clock.Now,
    };

    /// <summary>
    /// Writes the result of a task that ended well to the store, where there is one and it is to be written, before anything can
    /// depend on it. What is not written travels with the state.
    /// </summary>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public void Checkpoint(TaskRun task)
    {
        var outcome = task.Outcome!;
        if (task.Task is not { Checkpoints: true, Results: { } results } || !outcome.IsSuccessful || outcome.Result?.Value is not { } value)
            return;
        if (!task.Task.Flow.Services.Checkpoints())
            return;
        try
        {
            var location = task.TargetPath ?? RunPaths.ResultOf(task, run);
            task.Outcome = outcome with { Result = results.Write(location, value, clock.CancellationToken) };
        }
        catch (Exception e) when (!IsStop(e))
        {
            task.Outcome = outcome with
            {
                Type = StateType.Failed,
                Message = StateMessages.EngineFailed(e.Message),
                Error = TaskError.From(e),
                Result = null,
            };
        }
    }

    public static State Failed(string message, TaskError error) => new(StateType.Failed, message) { Error = error };

    public static TaskError ErrorOf(Exception e) => (e as TaskFailedException)?.Error ?? TaskError.From(e);

    private FlowContext ContextOf(TaskRun task) => new(task, run, clock);

    private TaskArguments ArgumentsOf(TaskRun task) => new(task.Task, plan.Inputs[task.Task.Index], states, run.Parameters, task.MapIndex);

    private bool IsStop(Exception e) =>
        e is StepStoppedException || (e is OperationCanceledException && clock.CancellationToken.IsCancellationRequested);
}
