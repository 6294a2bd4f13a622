using PrefectPS.Caching;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Writes results of succeeded tasks to the store before anything can depend on them.</summary>
internal sealed class Checkpointer(RunStates states, RunIdentity run, StepContext step)
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];

    private readonly TargetWriter _targets = new(step);
    private readonly TargetChanges _changes = new(states.View, run, step);

    /// <summary>
    /// Writes the result of an outcome to its location; results that are not written travel with the state and are checked for serializability if others
    /// will need them.
    /// </summary>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another step has taken the run over. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public State Checkpoint(TaskRun task, State outcome)
    {
        try
        {
            return Checked(task, WriteAgain(task, outcome));
        }
        catch (Exception e) when (step.IsStoreFault(e))
        {
            throw FlowErrors.ResultNotStored(task.Slug, e);
        }
        catch (Exception e) when (!step.IsEnd(e))
        {
            return FailToWrite(task, outcome, e);
        }
    }

    /// <summary>Checks the result of a state chosen by a state handler, if others will need it.</summary>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public State Check(TaskRun task, State chosen)
    {
        try
        {
            return Checked(task, chosen);
        }
        catch (Exception e) when (!step.Clock.IsStop(e))
        {
            return FailToWrite(task, chosen, e);
        }
    }

    /// <summary>Path of the task's target in this run; null if it has none.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>, or an input cannot be read.</exception>
    public string? TargetOf(TaskRun task) => task.TargetPath ??= task.Task.Target is { } target ? Render(task, target) : null;

    private string Render(TaskRun task, TaskTarget target)
    {
        var path = StorePath.Check(target.Render(new(task.Task, run, task.ArgumentsIn(run, states.View), task.ContextIn(run, step.Clock))));
        var store = (task.Task.Results ?? states.Results)?.Store;
        if ((store as RemoteStore)?.FaultIn(path) is { } fault)
            throw FlowErrors.TargetInvalid(path, fault);
        step.Targets?.Claim(path, store);
        return path;
    }

    private static State FailToWrite(TaskRun task, State outcome, Exception e)
    {
        var cause = e is FlowException { InnerException: ValueFaultException } fault
            ? FlowErrors.ResultNotWritable(task.Slug, fault)
            : e;
        return outcome.FailToWrite(StateMessages.EngineFailed(cause.Message), TaskError.From(cause), task.State.ForceRerun);
    }

    private State Checked(TaskRun task, State outcome)
    {
        if (step.Recorder is not null || step.Clock.HasLimit || step.RoundTripsResults)
            WrittenResult.Check(outcome, task.Task.Flow.Services);
        return step.RoundTripsResults ? StoredForm.Of(outcome, task.Slug, task.Task.Flow.Services) : outcome;
    }

    // The body has run and its result is in memory: retry transient faults, such as a full disk, instead of running it again. Remote stores have already retried.
    private State WriteAgain(TaskRun task, State outcome)
    {
        foreach (var pause in Pauses)
        {
            try
            {
                return WriteToStore(task, outcome);
            }
            catch (FlowException e) when (step.IsStoreFault(e) && MayPass(task, e) && !step.Clock.IsUsedUp)
            {
                task.Task.Flow.Services.Sleep(pause, step.Clock.CancellationToken);
            }
        }

        return WriteToStore(task, outcome);
    }

    private bool MayPass(TaskRun task, FlowException fault) =>
        fault.InnerException is not UnauthorizedAccessException && (task.Task.Results ?? states.Results)?.Store is not RemoteStore;

    private State WriteToStore(TaskRun task, State outcome)
    {
        if (!task.Task.Checkpoints || (task.Task.Results ?? states.Results) is not { } results || !outcome.IsSuccessful)
            return outcome;
        if (IsInStore(task, outcome, results) || outcome.Result is not { IsLost: false, Value: { } value } result)
            return outcome;
        var services = task.Task.Flow.Services;
        if (!services.Checkpoints() || result.HoldsSecret(services.Values))
            return outcome;
        if (TargetOf(task) is not { } target)
            return HasOwnPlace(task) ? outcome with { Result = Write(task, value, results) } : outcome;
        using var write = results.Begin(target, value, task.Task.ResultSerializer ?? results.Serializers.Of(target), step.Clock.CancellationToken);
        _changes.Mark(task); // for a subflow that another step began
        return _targets.Write(task, outcome, write);
    }

    // A result of an unrecorded run under a generated id could never be found and deleted.
    private bool HasOwnPlace(TaskRun task) => run.Coverage != IdentityCoverage.None || task.CachePath is not null || task.Task.HasOwnStore;

    private TaskResult Write(TaskRun task, object value, ResultStore results)
    {
        if (task.CachePath is not null)
            step.Recorder?.EnsureLease(mustRenew: false);
        var bare = task.Task.Flow.Services.Values.Unwrap(value)!;
        var serializer = task.Task.ResultSerializer ?? results.Serializers.For(bare);
        var extension = ResultSerializers.ExtensionFor(serializer, bare);
        if (task.CachePath is null && step.Recorder is { } recorder)
            return results.WriteOnce(recorder.ResultsIn(results.Store) + RunPaths.NameOf(task, states.Path, extension), value, serializer, step.Clock.CancellationToken);
        var location = task.CachePath is { } cached ? CachePath.ResultOf(cached, run, task.MapIndex, extension) : RunPaths.ResultOf(task, run, extension);
        return results.Write(location, value, serializer, step.Clock.CancellationToken);
    }

    // A subflow may have written this result already, unless it has a store of its own.
    private static bool IsInStore(TaskRun task, State outcome, ResultStore results) =>
        outcome.Result?.Location is not null && outcome.Result.IsIn(results) && task.Task.Target is null && task.CachePath is null;
}
