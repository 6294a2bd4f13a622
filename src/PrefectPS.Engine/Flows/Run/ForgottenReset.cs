using System.Runtime.CompilerServices;

namespace PrefectPS.Flows;

/// <summary>Warns of runs handed on with cancelled tasks that no later step would run.</summary>
public static class ForgottenReset
{
    private static readonly ConditionalWeakTable<FlowState, object> Told = new();

    /// <summary>Returns the warning for a run that is written, sent or passed to a step; null if nothing is wrong or this run was warned of already.</summary>
    public static string? Of(FlowState run)
    {
        if (run.IsOver || Count(run) is var count && count == 0 || Told.TryGetValue(run, out _))
            return null;
        Told.Add(run, string.Empty);
        return $"Run '{run.RunId}' of flow '{run.Flow.Name}' was returned with {(count == 1 ? "1 task" : $"{count} tasks")} that its budget cancelled. "
            + "Steps do not run Cancelled tasks: use Invoke-FlowStep -ResetCancelled, or Set-FlowTaskState -From Cancelled -To Pending.";
    }

    private static int Count(FlowState run)
    {
        var count = 0;
        foreach (var task in run.Settled.Unsettled)
        {
            if (run.Selected?.Has(task) == false)
                continue;
            var state = run.States[task];
            if (state.Children is { } children)
                count += children.Count(child => child.IsCancelledByBudget);
            else if (state.IsCancelledByBudget)
                count++;
        }

        return count;
    }
}
