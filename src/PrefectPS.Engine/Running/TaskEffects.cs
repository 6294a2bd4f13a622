using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Performs effects that decisions depend on: access to stores, and calls of user code.</summary>
internal class TaskEffects(RunStates states, RunIdentity run, StepContext step)
{
    private readonly Checkpointer _checkpointer = new(states, run, step);
    private readonly TaskCaching _caching = new(states.View, run, step, states.Results);
    private readonly TaskAdmission _admission = new(states.View, run, step);
    private readonly EventDelivery _events = new(states, run, step);
    private readonly TargetChanges _changes = new(states.View, run, step);
    private PollAnswers? _answers;

    /// <summary>Performs an effect for a task.</summary>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another step has taken the run over. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public virtual EffectResult Perform(TaskRun task, Effect effect) => effect switch
    {
        Effect.FindTarget => FindTarget(task),
        Effect.FindCached => FoundIfAny(_caching.Find(task)),
        Effect.FindEvent => FindEvent(task),
        Effect.AskTrigger => RefusedIfAny(_admission.RefuseByTrigger(task)),
        Effect.AskCondition => RefusedIfAny(_admission.RefuseByCondition(task)),
        Effect.AskAnswer => (_answers ??= new(_checkpointer, run, step)).Ask(task),
        Effect.WriteResult => EffectResult.Found(Write(task)),
        Effect.KeepResult => FoundIfAny(_caching.Keep(task)),
        Effect.AskRetryFilter => AskRetryFilter(task),
        Effect.TakePlaces => TakePlaces(task),
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, message: null),
    };

    /// <inheritdoc cref="Checkpointer.TargetOf"/>
    protected string? TargetOf(TaskRun task) => _checkpointer.TargetOf(task);

    /// <summary>Cache path of the task's result; null if it is not cached.</summary>
    protected string? CachePathOf(TaskRun task)
    {
        if (!run.IsSensitive && !task.IsPart)
            _caching.Locate(task);
        return task.CachePath;
    }

    /// <inheritdoc cref="TargetChanges.Mark"/>
    public void MarkTarget(TaskRun task) => _changes.Mark(task);

    /// <inheritdoc cref="Checkpointer.Check"/>
    public State Check(TaskRun task, State chosen) => _checkpointer.Check(task, chosen);

    private EffectResult FindTarget(TaskRun task)
    {
        try
        {
            var path = _checkpointer.TargetOf(task)!;
            var results = (task.Task.Results ?? states.Results)!;
            if (results.Find(path, task.Task.Serializer, step.Clock.CancellationToken) is not { } found)
                return EffectResult.Nothing;
            task.TargetChange = task.Task.Rerun is null ? null : _changes.Find(task, results.Store, path);
            return task.TargetChange is null ? EffectResult.Found(new(StateType.Cached, StateMessages.TargetFound(path)) { Result = found }) : EffectResult.Nothing;
        }
        catch (FlowSignalException signal)
        {
            return EffectResult.Refused(step.Take(task, signal));
        }
        catch (Exception e) when (!step.Clock.IsStop(e) && !step.IsStoreFault(e))
        {
            return EffectResult.Refused(TaskErrors.FailInEngine(e));
        }
    }

    /// <summary>Checks whether slots for a task are free, without acquiring any.</summary>
    protected EffectResult FindFull(TaskRun task) => AwaitIfAny(step.Places!.FindFull(task.Task));

    private EffectResult TakePlaces(TaskRun task)
    {
        task.Places = step.Places!.TryTake(task.Task, out var full);
        return AwaitIfAny(full);
    }

    private EffectResult AwaitIfAny(string? fullTag) => fullTag is null
        ? EffectResult.Nothing
        : EffectResult.Refused(new(StateType.Scheduled, StateMessages.AwaitsPlace(fullTag, step.Places!.Limits[fullTag])) { DueTime = step.Clock.Now.Plus(step.Places.Interval) });

    private EffectResult FindEvent(TaskRun task)
    {
        try
        {
            return FoundIfAny(_events.Deliver(task));
        }
        catch (Exception e) when (!step.Clock.IsStop(e) && !step.IsStoreFault(e))
        {
            return EffectResult.Refused(TaskErrors.FailInEngine(e));
        }
    }

    private State Write(TaskRun task)
    {
        if (task.Task.Cache is not null)
            CachePathOf(task);
        return _checkpointer.Checkpoint(task, task.Outcome.State);
    }

    // If the filter itself fails, the task keeps its failure, and the fault is reported.
    private EffectResult AskRetryFilter(TaskRun task)
    {
        try
        {
            return task.Task.Retry!.Filter!(task.State.Error) ? EffectResult.Nothing : EffectResult.Refused(task.State);
        }
        catch (Exception e) when (!step.Clock.IsStop(e))
        {
            step.Notices.Report(FlowErrors.RetryFilterFailed(task.Slug, e));
            return EffectResult.Refused(task.State);
        }
    }

    private static EffectResult FoundIfAny(State? state) => state is null ? EffectResult.Nothing : EffectResult.Found(state);

    private static EffectResult RefusedIfAny(State? state) => state is null ? EffectResult.Nothing : EffectResult.Refused(state);
}
