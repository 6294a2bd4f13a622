using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Detects selected tasks that would wait forever for an upstream task that is not selected and has not run.</summary>
internal static class SelectionGaps
{
    /// <summary>Throws if there is such a task.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SelectionInvalid"/>, naming the first task.</exception>
    public static void Check(FlowState run)
    {
        var (plan, selected) = (run.Flow.Plan, run.Selected!);
        if (selected.Count == 0)
            throw FlowErrors.SelectionGone(run);
        foreach (var task in plan.Order)
        {
            if (!selected.Has(task) || run.States[task] is { IsFinished: true, IsCancelledByBudget: false })
                continue;
            foreach (var upstream in plan.UpstreamOf(task))
            {
                if (!selected.Has(upstream) && (!run.States[upstream].IsFinished || IsCancelled(run.States[upstream])))
                    throw FlowErrors.SelectionGap(run, plan.Tasks[task], plan.Tasks[upstream]);
            }
        }
    }

    private static bool IsCancelled(State state) =>
        state.Children is { } children ? Array.Exists(children, child => child.IsCancelledByBudget) : state.IsCancelledByBudget;
}
