using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Running;

/// <summary>
/// Takes one task through its checks, in the order of <c>prefect.engine.task_runner.TaskRunner.run</c>.
/// Each check returns null to go on, or the state that the task ends this step in.
/// </summary>
internal sealed class TaskPipeline(FlowPlan plan, State[] states, RunInfo run, StepClock clock, ResultStore? results, StateHandlers handlers)
{
    private static readonly State UpstreamSkipped = new(StateType.Skipped, StateMessages.UpstreamSkipped);

    /// <summary>Whether a task was kept from starting by the budget.</summary>
    public bool IsBudgetUsedUp { get; private set; }

    /// <summary>The state the task ends this step in; the given one where it could not be run.</summary>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public State Run(TaskRun task) =>
        InitializeRun(task)
        ?? CheckReady(task)
        ?? CheckStartTime(task)
        ?? CheckUpstreamFinished(task)
        ?? CheckUpstreamSkipped(task)
        ?? CheckTarget(task)
        ?? CheckTrigger(task)
        ?? CheckBudget(task)
        ?? SetRunning(task)
        ?? RunBody(task)
        ?? Checkpoint(task)
        ?? SetOutcome(task)
        ?? task.State;

    // A task found Running was being run when its process ended: it runs again, as one more attempt.
    private State? InitializeRun(TaskRun task)
    {
        task.Upstream = UpstreamSummary.Of(states, plan.UpstreamOf(task.Task.Index));
        task.IsResumed = task.State.Type == StateType.Resume || (task.State.Type == StateType.Paused && task.State.DueTime <= clock.Now);
        var again = task.State.Type.Has(StateTraits.Running | StateTraits.Retrying);
        task.Attempt = again ? task.State.RunCount + 1 : task.State.RunCount;
        return null;
    }

    private static State? CheckReady(TaskRun task) =>
        task.State.Type.Has(StateTraits.Pending | StateTraits.Meta | StateTraits.Running) ? null : task.State;

    private State? CheckStartTime(TaskRun task) =>
        task.State.AwaitsApproval || task.State.IsDueAfter(clock.Now) ? task.State : null;

    private static State? CheckUpstreamFinished(TaskRun task) =>
        task.Upstream.Finished == task.Upstream.Total ? null : task.State;

    private State? CheckUpstreamSkipped(TaskRun task) =>
        task.Task.SkipOnUpstreamSkip && task.Upstream.Skipped > 0 ? End(task, UpstreamSkipped) : null;

    private State? CheckTarget(TaskRun task)
    {
        if (task.Task.Target is not { } target)
            return null;
        try
        {
            task.TargetPath = StorePath.Check(target.Render(new(task.Task, run, task.Attempt)));
            return results!.Find(task.TargetPath, clock.CancellationToken) is { } found
                ? End(task, new(StateType.Cached, StateMessages.TargetFound(task.TargetPath)) { Result = found })
                : null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return End(task, Failed(StateMessages.EngineFailed(e.Message), TaskError.From(e)));
        }
    }

    private State? CheckTrigger(TaskRun task) =>
        task.Task.Trigger.Refuse(task.Upstream, task.IsResumed) is { } refused ? End(task, refused) : null;

    private State? CheckBudget(TaskRun task)
    {
        if (!IsBudgetUsedUp && clock.TryStart(task.Task))
            return null;
        IsBudgetUsedUp = true;
        return task.State;
    }

    private State? SetRunning(TaskRun task)
    {
        var running = State.Starting with { RunCount = task.Attempt, Started = clock.Now };
        return handlers.Change(task, running) ?? (task.State.Type.IsRunning() ? null : task.State);
    }

    private State? RunBody(TaskRun task)
    {
        var context = new FlowContext(task.Task, run, clock, task.Attempt);
        try
        {
            clock.CancellationToken.ThrowIfCancellationRequested();
            var value = task.Task.Body.Run(context, new(task.Task, plan.Inputs[task.Task.Index], states));
            task.Outcome = new(StateType.Success, StateMessages.Succeeded) { Result = TaskResult.Of(value) };
        }
        catch (FlowSignalException signal)
        {
            task.Outcome = signal.State;
            task.OutcomeEndsRun = signal.EndsRun;
        }
        catch (TaskFailedException e)
        {
            task.Outcome = Failed(StateMessages.BodyFailed(e.Error.Message), e.Error);
        }
        catch (Exception e) when (!IsStop(e))
        {
            task.Outcome = Failed(StateMessages.BodyFailed(e.Message), TaskError.From(e));
        }

        task.Outcome = task.Outcome with { RunCount = task.Attempt, Started = task.State.Started, Ended = clock.Now };
        return null;
    }

    // With a store, a result is written before anything can depend on it.
    private State? Checkpoint(TaskRun task)
    {
        var outcome = task.Outcome!;
        if (results is null || !outcome.IsSuccessful || outcome.Result?.Value is not { } value)
            return null;
        try
        {
            var location = task.TargetPath ?? RunPaths.ResultOf(task.Task, run);
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

        return null;
    }

    private State? SetOutcome(TaskRun task)
    {
        var outcome = task.Outcome!;
        return handlers.Change(task, outcome) ?? (task.OutcomeEndsRun ? task.State : null);
    }

    private State End(TaskRun task, State state) => handlers.Change(task, state with { RunCount = task.State.RunCount }) ?? task.State;

    private static State Failed(string message, TaskError error) => new(StateType.Failed, message) { Error = error };

    private bool IsStop(Exception e) =>
        e is StepStoppedException || (e is OperationCanceledException && clock.CancellationToken.IsCancellationRequested);
}
