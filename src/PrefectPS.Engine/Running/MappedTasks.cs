using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Detects mapped tasks that must be mapped again because their inputs changed.</summary>
internal sealed class MappedTasks(RunStateView view, RunIdentity run, StepClock clock)
{
    /// <summary>True if an unfinished mapped task has other children than its current inputs would give, judging by their number, or is no longer mapped.</summary>
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

    // An unreadable input fails the children instead.
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
