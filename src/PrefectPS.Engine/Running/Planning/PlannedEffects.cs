using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>
/// Effects of a planned step. Stores are read as in any step; writes are only noted, and found by downstream tasks. User code is not called: its answers
/// are unknown.
/// </summary>
internal sealed class PlannedEffects(RunStates states, RunIdentity run, StepContext step, StepPlan plan) : TaskEffects(states, run, step)
{
    private readonly ResultStore? _inherited = states.Results;

    /// <inheritdoc/>
    /// <exception cref="NotKnownYetException">The answer is unknown.</exception>
    public override EffectResult Perform(TaskRun task, Effect effect) => effect switch
    {
        Effect.FindTarget when task.Task.Target is ComputedTarget => throw new NotKnownYetException(PlanReasons.TargetIsCode),
        Effect.FindTarget => FindMade(TargetOf(task)!) ?? base.Perform(task, effect),
        Effect.FindCached => FindCached(task),
        Effect.AskTrigger => throw new NotKnownYetException(PlanReasons.TriggerIsCode),
        Effect.AskCondition => throw new NotKnownYetException(PlanReasons.ConditionIsCode),
        Effect.AskRetryFilter => throw new NotKnownYetException(PlanReasons.FilterIsCode),
        Effect.WriteResult => Write(task),
        Effect.KeepResult => EffectResult.Nothing,
        Effect.TakePlaces => FindFull(task),
        _ => base.Perform(task, effect),
    };

    private EffectResult? FindMade(string path) =>
        plan.IsWritten(path) ? EffectResult.Found(new(StateType.Cached, StateMessages.TargetFound(path)) { Result = TaskResult.Planned }) : null;

    // The cache path is known once the cache was searched.
    private EffectResult FindCached(TaskRun task)
    {
        var found = base.Perform(task, Effect.FindCached);
        return task.CachePath is { } path && task.Task.Cache!.IsUsed && plan.IsWritten(path)
            ? EffectResult.Found(new(StateType.Cached, StateMessages.Succeeded) { Result = TaskResult.Planned })
            : found;
    }

    private EffectResult Write(TaskRun task)
    {
        var outcome = task.Outcome.State;
        if (outcome.IsSuccessful && task.Task is { Target: not (null or ComputedTarget), Checkpoints: true } && (task.Task.Results ?? _inherited) is not null
            && task.Task.Flow.Services.Checkpoints())
        {
            Note(() => TargetOf(task));
        }

        if (outcome.IsSuccessful && task.Task.Cache is not null)
            Note(() => CachePathOf(task));
        return EffectResult.Found(outcome);
    }

    // An unknown path is not searched later either.
    private void Note(Func<string?> pathOf)
    {
        try
        {
            if (pathOf() is { } path)
                plan.Write(path);
        }
        catch (Exception e) when (e is NotKnownYetException or FlowException)
        {
        }
    }
}
