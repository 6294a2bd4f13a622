using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Finds mapped tasks that are to be mapped again, because their inputs are another list by now.</summary>
internal sealed class MappedTasks(RunStateView view, RunIdentity run, StepClock clock)
{
    /// <summary>
    /// True if the children of a task, some of which are still to be run, are those of another list than its inputs are now, as their number
    /// tells; or whether it is not mapped any more.
    /// </summary>
    public bool HasStaleChildren(int task)
    {
        var (plan, states) = (view.Plan, view.States);
        if (states[task].Children is not { } children || states[task].IsFinished)
            return false;
        if (!plan.Tasks[task].IsMapped)
            return true;
        var isKnown = !clock.IsUsedUp;
        for (var i = 0; i < plan.Tasks[task].MapCount; i++)
        {
            var upstream = plan.Inputs[task][i];
            if (states[upstream].Children is not { } counterparts || !plan.WaitsByChild(task, upstream))
                isKnown &= states[upstream] is { IsFinished: true, IsResultLost: false, IsResultNotMade: false } known && (known.Children is not null || !known.LacksResult);
            else if (counterparts.Length < children.Length)
                return true;
        }

        return isKnown && MapsToOther(task, children.Length);
    }

    // What cannot be read fails the children.
    private bool MapsToOther(int task, int count)
    {
        try
        {
            var mapped = MapChildren.Expand(view.Plan.Tasks[task], view, run, forceRerun: false, isResumed: false);
            return mapped.Children is { } children ? children.Length != count : mapped.Error is not null;
        }
        catch (FlowException)
        {
            return false;
        }
    }
}
