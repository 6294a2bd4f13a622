using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>
/// Marks the tasks of a run that are to be undone: those that succeeded by running their body and have an undo, and downstream tasks without one, which
/// are undone with them though they have nothing to revert. Tasks skipped, or satisfied by a target or a cache, were not done by this run.
/// </summary>
internal static class UndoMarker
{
    /// <summary>Marks a run; returns itself if nothing is to be undone.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isRepeated">Whether to retry failed undos, and at once those waiting for a retry.</param>
    public static FlowState Mark(FlowState run, bool isRepeated) => run.Flow.Plan.MayUndo ? Mark(run, isRepeated, comesAfter: false) : run;

    private static FlowState Mark(FlowState run, bool isRepeated, bool comesAfter)
    {
        var plan = run.Flow.Plan;
        var isUndone = new bool[run.States.Length]; // undone or to be undone, at least in part
        State[]? changed = null;
        foreach (var index in plan.Order)
        {
            var isAfter = comesAfter;
            foreach (var upstream in plan.UpstreamOf(index))
                isAfter |= isUndone[upstream];
            var state = Mark(plan.Tasks[index], run.States[index], isRepeated, isAfter);
            isUndone[index] = state.HasUndo(UndoPhase.Due) || state.HasUndo(UndoPhase.Done);
            if (!ReferenceEquals(state, run.States[index]))
                (changed ??= (State[])run.States.Clone())[index] = state;
        }

        return changed is null ? run : run.With(run.Identity, changed);
    }

    private static State Mark(FlowTask task, State state, bool isRepeated, bool isAfter)
    {
        if (state.Children is { } children)
            return state.WithChildren([.. children.Select(child => Mark(task, child, isRepeated, isAfter))]);
        if (state.SubflowRun is { } subflow)
        {
            var inside = Mark(subflow, isRepeated, isAfter);
            isAfter |= Array.Exists(inside.States, each => each.HasUndo(UndoPhase.Due) || each.HasUndo(UndoPhase.Done));
            if (!ReferenceEquals(inside, subflow))
                state = state.WithSubflow(inside);
        }

        return state.CanBeUndone && IsOpen(state.Undo, isRepeated) && (isAfter || task.UndoBody is not null || task.Flow.IsOutline) ? state.MarkForUndo() : state;
    }

    private static bool IsOpen(TaskUndo? undo, bool isRepeated) =>
        undo is null || (isRepeated && (undo.Phase == UndoPhase.Failed || undo is { Phase: UndoPhase.Due, DueTime: not null }));
}
