using PrefectPS.Caching;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Reads and writes cached results of tasks. A failing cache never fails the run: it is reported as a warning, and the task runs.</summary>
internal sealed class TaskCaching(RunStateView states, RunIdentity run, StepContext step, ResultStore? inherited)
{
    /// <summary>State of a task whose cached result can be used; null if the task has to run.</summary>
    public State? Find(TaskRun task)
    {
        Locate(task);
        if (task.CachePath is not { } path || !task.Task.Cache!.IsUsed)
            return null;
        var unchanged = WriteCondition.Always;
        var found = Try(task, () => CacheOf(task.Task).Find(path, step.Clock.Now, out unchanged, step.Clock.CancellationToken)?.ToState());
        task.Cache = new(path, unchanged);
        return found;
    }

    /// <summary>Computes the cache path of the task from its inputs, unless known.</summary>
    public void Locate(TaskRun task)
    {
        task.Cache ??= new(Try(task, () => ValuesOf(task) is { } values ? CachePath.Of(task.Task, values) : null));
    }

    /// <summary>Caches the result of a succeeded task, at the location where <see cref="Checkpointer.Checkpoint"/> wrote it.</summary>
    /// <returns>The state with the cached result, which may be another run's; null if it cannot be cached.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another step has taken the run over.</exception>
    public State? Keep(TaskRun task)
    {
        var state = task.State;
        if (state.Result?.HoldsSecret(task.Task.Flow.Services.Values) == true)
            return null;
        return Try(task, () =>
        {
            var cache = CacheOf(task.Task);
            var unchanged = task.Cache!.Unchanged is { IsAlways: false } seen ? seen : cache.ConditionOf(task.CachePath!, step.Clock.CancellationToken);
            step.Recorder?.EnsureLease(mustRenew: false);
            var now = step.Clock.Now;
            var kept = new CachedResult(now.Plus(task.Task.Cache!.Duration), state.Message, state.Result);
            cache.Keep(task.CachePath!, kept, now, unchanged, step.Clock.CancellationToken);
            return kept.On(state);
        });
    }

    // With -NoCheckpoint nothing is written, so results are cached in the session.
    private ITaskCache CacheOf(FlowTask task) =>
        task.Checkpoints && task.Flow.Services.Checkpoints() && (task.Results ?? inherited) is { } results
            ? new StoreCache(results)
            : task.Flow.Services.SessionCache;

    // The values the result depends on; null if one is secret, as nothing of a secret is written, not even in a hash.
    private List<KeyValuePair<string, object?>>? ValuesOf(TaskRun task)
    {
        var policy = task.Task.Cache!;
        var values = new List<KeyValuePair<string, object?>>();
        var arguments = task.ArgumentsIn(run, states);
        for (var i = 0; i < arguments.Count; i++)
        {
            var isElement = arguments.IsElement(i); // otherwise all children would share the first one's result
            if (!isElement && !policy.Inputs.Contains(arguments.NameAt(i), StringComparer.OrdinalIgnoreCase))
                continue;
            if (arguments.HoldsSecret(i))
                return Refuse($"its input '{arguments.NameAt(i)}' is a secret. Leave it out with -CacheValidator @{{ Inputs = … }}.");
            values.Add(arguments[i]);
        }

        if (policy.Parameters.FirstOrDefault(run.IsSecret) is { } secret)
            return Refuse($"the parameter '{secret}' is a secret. Leave it out with -CacheValidator @{{ Parameters = … }}.");
        values.AddRange(policy.Parameters.Select(name => new KeyValuePair<string, object?>(name, run.Parameters[name])));
        return values;

        List<KeyValuePair<string, object?>>? Refuse(string reason)
        {
            step.Notices.Warn($"Task '{task.Slug}' is not cached: {reason}");
            return null;
        }
    }

    private T? Try<T>(TaskRun task, Func<T?> action)
        where T : class
    {
        try
        {
            return action();
        }
        catch (Exception e) when (!step.IsEnd(e))
        {
            step.Notices.Warn($"The cache of task '{task.Slug}' cannot be used: {e.Message}");
            return null;
        }
    }
}
