using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>
/// The effects of a step that is only planned. Stores are read as by any step; what would be written is noted, and found by the tasks behind. Code of the user's own is not
/// called: what it would say is not known.
/// </summary>
internal sealed class PlannedEffects(RunStates states, RunIdentity run, StepContext step, StepPlan plan) : TaskEffects(states, run, step)
{
    private readonly ResultStore? _inherited = states.Results;

    /// <inheritdoc/>
    /// <exception cref="NotKnownYetException">The answer is not known.</exception>
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

    // Where the result is kept is known once it was looked for.
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

    // Under a path that is not known yet nothing is looked for by then either.
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
