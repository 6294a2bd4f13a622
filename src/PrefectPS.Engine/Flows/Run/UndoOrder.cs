using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>
/// Undo order: the graph in reverse, children from last to first. A task waits until everything downstream of it is undone; where that failed, the task
/// stays, as what remains may still need it.
/// </summary>
internal static class UndoOrder
{
    /// <summary>Enumerates what to undo next; each item may be undone before the next is requested.</summary>
    public static IEnumerable<UndoItem> Of(IUndoStates run) => Of(run, isHeld: false);

    private static IEnumerable<UndoItem> Of(IUndoStates run, bool isHeld)
    {
        var plan = run.Plan;
        for (var at = plan.Order.Length - 1; at >= 0; at--)
        {
            var task = plan.Tasks[plan.Order[at]];
            if (!run.States[task.Index].HasUndo(UndoPhase.Due))
                continue;
            var held = isHeld || Array.Exists(plan.DownstreamOf(task.Index), behind => IsLeft(run, plan.Tasks[behind]));
            for (var child = (run.States[task.Index].Children?.Length ?? 0) - 1; child >= 0; child--)
            {
                foreach (var item in Of(run, task, child, held))
                    yield return item;
            }

            if (run.States[task.Index].Children is null)
            {
                foreach (var item in Of(run, task, child: null, held))
                    yield return item;
            }
        }
    }

    private static IEnumerable<UndoItem> Of(IUndoStates run, FlowTask task, int? child, bool isHeld)
    {
        if (run.Inside(task, child) is { } inside)
        {
            foreach (var item in Of(inside, isHeld))
                yield return item;
            if (IsLeft(inside))
                yield break;
        }

        var state = run.States[task.Index];
        if (child is { } index)
            state = state.Children![index];
        if (!isHeld && state.Undo is { Phase: UndoPhase.Due })
            yield return new(run, task, child, state);
    }

    private static bool IsLeft(IUndoStates run) => Array.Exists(run.Plan.Tasks, task => IsLeft(run, task));

    private static bool IsLeft(IUndoStates run, FlowTask task)
    {
        var state = run.States[task.Index];
        if (state.Children is not { } children)
            return IsLeft(run, task, child: null, state);
        for (var child = 0; child < children.Length; child++)
        {
            if (IsLeft(run, task, child, children[child]))
                return true;
        }

        return false;
    }

    private static bool IsLeft(IUndoStates run, FlowTask task, int? child, State state) =>
        state.Undo is { Phase: not UndoPhase.Done } || (state.SubflowRun is not null && run.Inside(task, child) is { } inside && IsLeft(inside));
}
