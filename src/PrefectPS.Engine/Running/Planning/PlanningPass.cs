using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>A pass over a planned step: the same checks in the same order, with bodies assumed to succeed. A task that cannot be decided is left as it is.</summary>
internal sealed class PlanningPass(StepPlan plan) : SequentialPass((_, task) => plan.RunBody(task))
{
    /// <inheritdoc/>
    public override TaskDecision Begin(WorkingRun run, TaskRun task)
    {
        if (IsOfUnknownList(run, task))
        {
            plan.NoteMap(task, run.Path + task.Task.Slug, PlanReasons.OfList(run, task));
            return TaskDecision.Wait(task.Given);
        }

        try
        {
            if (task.MapIndex is not null && run.MayBeOver(task.Task.Index))
                throw new NotKnownYetException(PlanReasons.MapMayBeOver);
            var decision = base.Begin(run, task);
            if (decision.Kind == DecisionKind.Run && plan is { IsCounted: true, HasUnknown: true } && task.Task.Subflow is null && !task.IsRerun)
                throw new NotKnownYetException(PlanReasons.BudgetIsNotKnown);
            if (PlanReasons.Of(plan, run, task, decision) is var (action, reason))
                plan.Note(task, action, reason);
            return decision;
        }
        catch (NotKnownYetException e)
        {
            plan.Note(task, FlowPlanAction.Unknown, e.Reason ?? PlanReasons.OfResults(run, task));
            return TaskDecision.Wait(task.Given);
        }
    }

    // A child of an earlier mapping whose list may change when its upstream task runs again: then all children are new.
    private static bool IsOfUnknownList(WorkingRun run, TaskRun task)
    {
        for (var i = 0; task.MapIndex is not null && i < task.Task.MapCount; i++)
        {
            if (run.States[run.Plan.Inputs[task.Task.Index][i]] is { Children: null, IsResultNotMade: true })
                return true;
        }

        return false;
    }
}
