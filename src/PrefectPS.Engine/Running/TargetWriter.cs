using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Writes results to targets, which other runs may write, too: nothing is replaced that another has written since it was looked at.</summary>
internal sealed class TargetWriter(StepContext step)
{
    /// <summary>The outcome with its result at the target; Cached, with the result that is there, where another was first.</summary>
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

    // There was no target when the task began, or one that was to be made again. The body has run: what another has left there meanwhile takes the place of its result.
    private State Create(State outcome, ResultWrite write, WriteCondition asBefore)
    {
        step.Recorder?.DemandLease(isDoubted: false);
        while (!write.TryWrite(asBefore))
        {
            step.Recorder?.DemandLease(isDoubted: true);
            if (write.Find() is { } other)
                return outcome with { Type = StateType.Cached, Message = StateMessages.TargetTaken(other.Location!), Result = other };
            asBefore = WriteCondition.IfAbsent;
        }

        return outcome with { Result = write.Result };
    }

    // First what is there, then whose the run is, then the write: a step that was taken over between any of them replaces nothing of its successor's.
    private State Replace(State outcome, ResultWrite write)
    {
        WriteCondition unchanged;
        var isDoubted = false;
        do
        {
            unchanged = write.GetCondition();
            step.Recorder?.DemandLease(isDoubted);
            isDoubted = true;
        }
        while (!write.TryWrite(unchanged));
        return outcome with { Result = write.Result };
    }
}
