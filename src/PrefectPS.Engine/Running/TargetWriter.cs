using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Writes results to targets that other runs may write too, with optimistic concurrency: nothing written by others since it was read is overwritten.</summary>
internal sealed class TargetWriter(StepContext step)
{
    /// <summary>Writes the result to the target; if another run was first, the outcome is Cached with the existing result.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreConflict"/>: another step has taken the run over. <see cref="FlowErrorId.StoreFailed"/>.
    /// </exception>
    public State Write(TaskRun task, State outcome, ResultWrite write)
    {
        if (task.Mark is { } mark)
            write.Record(mark);
        return !task.TakesTarget ? Replace(outcome, write)
            : Create(outcome, write, task.TargetChange is { } change ? WriteCondition.IfVersion(change.Version) : WriteCondition.IfAbsent);
    }

    // The target was missing, or to be replaced, when the task began. If another run has written it meanwhile, that result is used.
    private State Create(State outcome, ResultWrite write, WriteCondition asBefore)
    {
        step.Recorder?.EnsureLease(mustRenew: false);
        while (!write.TryWrite(asBefore))
        {
            step.Recorder?.EnsureLease(mustRenew: true);
            if (write.Find() is { } other)
                return outcome with { Type = StateType.Cached, Message = StateMessages.TargetTaken(other.Location!), Result = other };
            asBefore = WriteCondition.IfAbsent;
        }

        return outcome with { Result = write.Result };
    }

    // Read the version, verify the lease, then write conditionally: a step that was taken over in between overwrites nothing of its successor's.
    private State Replace(State outcome, ResultWrite write)
    {
        WriteCondition unchanged;
        var mustRenew = false;
        do
        {
            unchanged = write.GetCondition();
            step.Recorder?.EnsureLease(mustRenew);
            mustRenew = true;
        }
        while (!write.TryWrite(unchanged));
        return outcome with { Result = write.Result };
    }
}
