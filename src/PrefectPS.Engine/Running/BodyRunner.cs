using PrefectPS.Caching;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Runs the bodies of tasks, and makes states of what comes of them.</summary>
internal sealed class BodyRunner(UpstreamStates states, RunInfo run, StepContext step, ResultStore? inherited)
{
    private readonly StepClock _clock = step.Clock;

    /// <summary>Runs the body on this thread; sets what the task came to.</summary>
    /// <returns>False where it gave up as the step's time was over: then it came to nothing.</returns>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public bool Run(TaskRun task)
    {
        var hasGivenUp = false;
        SetOutcome(task, () =>
        {
            try
            {
                return task.Task.Body!.Run(ContextOf(task), ArgumentsOf(task));
            }
            catch (Exception e) when (_clock.IsEndOfTime(e))
            {
                hasGivenUp = true;
                return null;
            }
        });
        if (hasGivenUp)
            task.Outcome = null;
        return !hasGivenUp;
    }

    /// <summary>Begins to run the body beside this thread; null where it could not be begun, and what the task came to is set.</summary>
    public IBodyRun? Start(TaskRun task, IBodyPool pool, Action<Action> post, Action ended, CancellationToken stop)
    {
        IBodyRun? body = null;
        SetOutcome(task, () => body = pool.Start(task.Task, new(task, run, _clock, stop), ArgumentsOf(task), post, ended));
        if (body is not null)
            task.Outcome = null;
        return body;
    }

    /// <summary>Begins to run the task's subflow, or goes on with it; null where it cannot be begun, and what the task came to is set.</summary>
    public WorkingRun? BeginSubrun(TaskRun task, IRunRecorder? recorder)
    {
        var begun = task.State.Subrun;
        FlowState? subrun = null;
        SetOutcome(task, () => subrun = begun is null ? Subruns.New(task, run, ArgumentsOf(task)) : Subruns.GoOn(begun, ArgumentsOf(task)));
        task.Outcome = subrun is null ? task.Outcome! with { Subrun = begun } : null;
        if (subrun is null)
            return null;
        var inner = subrun.Run with { Step = run.Step, IsSensitive = run.Hides(task.Task) };
        var working = new WorkingRun(subrun, inner, step, subrun.Flow.Results ?? inherited, recorder?.OfSubrun(task, subrun));
        if (task.IsRerun)
            working.RunLostAgain();
        return working;
    }

    /// <summary>Sets what the task came to by its subrun; where that has not ended, the state the task waits in.</summary>
    public State? EndSubrun(TaskRun task, FlowState subrun)
    {
        if (Subruns.HasEnded(subrun))
        {
            SetOutcome(task, () => Kept(task, Subruns.Outcome(subrun)));
            return null;
        }

        return ReferenceEquals(subrun, task.Given.Subrun)
            ? task.Given
            : Subruns.Parked(subrun) with { RunCount = task.Attempt, IsResumed = task.IsResumed, Started = task.State.Started, IsRepeat = task.State.IsRepeat };
    }

    /// <summary>Sets what the task came to, as its body returns or throws.</summary>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public void SetOutcome(TaskRun task, Func<object?> body) =>
        SetOutcome(task, () => new State(StateType.Success, StateMessages.Succeeded) { Result = TaskResult.Of(body()) });

    private void SetOutcome(TaskRun task, Func<State> body)
    {
        State outcome;
        try
        {
            _clock.CancellationToken.ThrowIfCancellationRequested();
            outcome = body();
        }
        catch (FlowSignalException signal)
        {
            outcome = signal.State is { Type: StateType.Looped, Message: null } loop
                ? loop with { Message = StateMessages.IsLooping(task.State.LoopCount) }
                : signal.State;
            task.OutcomeEndsRun = signal.EndsRun;
        }
        catch (Exception e) when (!_clock.IsStop(e))
        {
            var error = ErrorOf(e);
            outcome = Failed(StateMessages.BodyFailed(error.Message), error);
        }

        SetOutcome(task, outcome);
    }

    /// <summary>The body was stopped because it took too long.</summary>
    public void SetTimedOut(TaskRun task) => SetOutcome(task, new State(StateType.TimedOut, StateMessages.TimedOut));

    /// <summary>Sets what the task came to.</summary>
    public void SetOutcome(TaskRun task, State outcome) => task.Outcome = Kept(task, outcome) with
    {
        RunCount = task.Attempt,
        LoopCount = task.State.LoopCount,
        LoopResult = task.State.LoopResult,
        IsResumed = task.IsResumed && !outcome.Type.IsPending(),
        IsRepeat = task.State.IsRepeat && !outcome.IsSuccessful,
        Started = task.State.Started,
        Ended = _clock.Now,
    };

    /// <summary>
    /// Writes the result of a task that ended well to the store, where there is one and it is to be written, before anything can
    /// depend on it. What is not written travels with the state.
    /// </summary>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public void Checkpoint(TaskRun task)
    {
        var outcome = task.Outcome!;
        if (!task.Task.Checkpoints || (task.Task.Results ?? inherited) is not { } results || !outcome.IsSuccessful)
            return;
        if (IsInStore(task, outcome) || outcome.Result is not { Value: { } value } result)
            return;
        var services = task.Task.Flow.Services;
        if (!services.Checkpoints() || result.HoldsSecret(services.Values))
            return;
        try
        {
            task.Outcome = outcome with { Result = Write(task, value, results) };
        }
        catch (Exception e) when (!_clock.IsStop(e))
        {
            task.Outcome = NotWritten(outcome with { IsRepeat = task.State.IsRepeat }, e);
        }
    }

    private TaskResult Write(TaskRun task, object value, ResultStore results)
    {
        var bare = task.Task.Flow.Services.Values.Unwrap(value)!;
        if (TargetOf(task) is { } target)
            return results.Write(target, bare, task.Task.Serializer ?? results.Serializers.Of(target), _clock.CancellationToken);
        var serializer = task.Task.Serializer ?? results.Serializers.For(bare);
        var extension = ResultSerializers.ExtensionFor(serializer, bare);
        var location = task.CachePath is { } cached ? CachePath.ResultOf(cached, run, task.MapIndex, extension) : RunPaths.ResultOf(task, run, extension);
        return results.Write(location, bare, serializer, _clock.CancellationToken);
    }

    /// <summary>The path of the task's target in this run; null where it has none.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>, or an input cannot be read.</exception>
    public string? TargetOf(TaskRun task) => task.TargetPath ??= task.Task.Target is { } target
        ? StorePath.Check(target.Render(new(task, run, ArgumentsOf(task), ContextOf(task))))
        : null;

    private State Kept(TaskRun task, State outcome) => run.Hides(task.Task) ? outcome with { Result = TaskResult.AsSecret(outcome.Result) } : outcome;

    private static State NotWritten(State outcome, Exception cause) => outcome with
    {
        Type = StateType.Failed,
        Message = StateMessages.EngineFailed(cause.Message),
        Error = TaskError.From(cause),
        Result = null,
    };

    // A subflow may have put the very result there already.
    private static bool IsInStore(TaskRun task, State outcome) => outcome.Result?.Location is not null && task.Task.Target is null && task.CachePath is null;

    public static State Failed(string message, TaskError error) => new(StateType.Failed, message) { Error = error };

    public static TaskError ErrorOf(Exception e) => (e as TaskFailedException)?.Error ?? TaskError.From(e);

    private FlowContext ContextOf(TaskRun task) => new(task, run, _clock);

    private TaskArguments ArgumentsOf(TaskRun task) => TaskArguments.Of(task, states, run);
}
