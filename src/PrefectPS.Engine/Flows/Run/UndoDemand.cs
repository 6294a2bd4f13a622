using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>
/// Marks what is to be undone of a run: the tasks that have ended well by their bodies, and can be undone; and of those that cannot the ones that came after such a task, whose
/// work was built on it: they have nothing to take back, and are undone with it. What was found at a target or in a cache, or skipped, was not done by the run.
/// </summary>
internal static class UndoDemand
{
    /// <summary>The run with its marks; itself where nothing is to be marked.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isRepeated">Whether what could not be undone is tried once more, and what waits for its retry at once.</param>
    public static FlowState Of(FlowState run, bool isRepeated) => run.Flow.Plan.MayUndo ? Of(run, isRepeated, comesAfter: false) : run;

    private static FlowState Of(FlowState run, bool isRepeated, bool comesAfter)
    {
        var plan = run.Flow.Plan;
        var isUndone = new bool[run.States.Length]; // something of it is undone, or is to be
        State[]? changed = null;
        foreach (var index in plan.Order)
        {
            var isAfter = comesAfter;
            foreach (var upstream in plan.UpstreamOf(index))
                isAfter |= isUndone[upstream];
            var state = Of(plan.Tasks[index], run.States[index], isRepeated, isAfter);
            isUndone[index] = state.HasUndo(UndoPhase.Due) || state.HasUndo(UndoPhase.Done);
            if (!ReferenceEquals(state, run.States[index]))
                (changed ??= (State[])run.States.Clone())[index] = state;
        }

        return changed is null ? run : run.With(run.Identity, changed);
    }

    private static State Of(FlowTask task, State state, bool isRepeated, bool isAfter)
    {
        if (state.Children is { } children)
            return state.WithChildren([.. children.Select(child => Of(task, child, isRepeated, isAfter))]);
        if (state.SubflowRun is { } subflow)
        {
            var inside = Of(subflow, isRepeated, isAfter);
            isAfter |= Array.Exists(inside.States, each => each.HasUndo(UndoPhase.Due) || each.HasUndo(UndoPhase.Done));
            if (!ReferenceEquals(inside, subflow))
                state = state.WithSubflow(inside);
        }

        return state.CanBeUndone && IsOpen(state.Undo, isRepeated) && (isAfter || task.UndoBody is not null || task.Flow.IsOutline) ? state.DemandUndo() : state;
    }

    private static bool IsOpen(TaskUndo? undo, bool isRepeated) =>
        undo is null || (isRepeated && (undo.Phase == UndoPhase.Failed || undo is { Phase: UndoPhase.Due, DueTime: not null }));
}
