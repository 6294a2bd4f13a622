using PrefectPS.Caching;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>
/// Uses the results that are kept for a run's tasks, and keeps theirs. A cache that fails is no failure of the run: it is warned of, and
/// the task runs as if it had none.
/// </summary>
internal sealed class TaskCaching(RunStateView states, RunIdentity run, StepContext step, ResultStore? inherited)
{
    /// <summary>The state of a task whose result is kept and can be used; null where the task has to run.</summary>
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

    /// <summary>Finds out under which path the task's result is kept, unless that is known; its inputs are read for that.</summary>
    public void Locate(TaskRun task)
    {
        task.Cache ??= new(Try(task, () => ValuesOf(task) is { } values ? CachePath.Of(task.Task, values) : null));
    }

    /// <summary>Keeps the result of a task that has ended well, which stands where <see cref="Checkpointer.Checkpoint"/> has written it.</summary>
    /// <returns>The state of the task with its result kept, or another run's since; null where it cannot be.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another step has taken the run over.</exception>
    public State? Keep(TaskRun task)
    {
        var state = task.State;
        if (state.Result?.HoldsSecret(task.Task.Flow.Services.Values) == true)
            return null;
        return Try(task, () =>
        {
            var cache = CacheOf(task.Task);
            var unchanged = task.Cache!.Unchanged is { IsAlways: false } seen ? seen : cache.Look(task.CachePath!, step.Clock.CancellationToken);
            step.Recorder?.DemandLease(isDoubted: false);
            var now = step.Clock.Now;
            var kept = new CachedResult(now.Plus(task.Task.Cache!.Duration), state.Message, state.Result);
            cache.Keep(task.CachePath!, kept, now, unchanged, step.Clock.CancellationToken);
            return kept.On(state);
        });
    }

    // With -NoCheckpoint nothing is written, so what is kept is kept in the session.
    private ITaskCache CacheOf(FlowTask task) =>
        task.Checkpoints && task.Flow.Services.Checkpoints() && (task.Results ?? inherited) is { } results
            ? new StoreCache(results)
            : task.Flow.Services.SessionCache;

    // What the result depends on; null where a secret is among it, of which nothing is written, not even in a hash.
    private List<KeyValuePair<string, object?>>? ValuesOf(TaskRun task)
    {
        var policy = task.Task.Cache!;
        var values = new List<KeyValuePair<string, object?>>();
        var arguments = task.ArgumentsIn(run, states);
        for (var i = 0; i < arguments.Count; i++)
        {
            var isElement = arguments.IsElement(i); // else all children would have the result of the first
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
