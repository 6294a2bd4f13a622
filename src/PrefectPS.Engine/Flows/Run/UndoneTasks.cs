using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>
/// Resets undone tasks when a task that needs them runs again: every undone task upstream becomes Pending. In a partly undone subflow only that part is
/// reset; a failed subflow continues with what was kept, unless its own inputs were undone.
/// </summary>
internal static class UndoneTasks
{
    /// <summary>
    /// Applies to an edited run: resets the undone tasks needed by tasks that the edit made unfinished, and drops pending undo work, since the run
    /// continues.
    /// </summary>
    /// <param name="before">The run before the edit.</param>
    /// <param name="after">The run after the edit alone.</param>
    public static FlowState Follow(FlowState before, FlowState after)
    {
        var plan = after.Flow.Plan;
        if (!plan.MayUndo || !Array.Exists(plan.Order, index => IsAgain(before.States[index], after.States[index])))
            return after;
        var states = (State[])after.States.Clone();
        var isNeeded = new bool[states.Length];
        for (var at = plan.Order.Length - 1; at >= 0; at--)
        {
            var index = plan.Order[at];
            if (isNeeded[index])
                states[index] = MakeAgain(states[index]);
            if (!isNeeded[index] && !IsAgain(before.States[index], states[index]))
                continue;
            foreach (var upstream in plan.UpstreamOf(index))
                isNeeded[upstream] = true;
        }

        foreach (var index in plan.Order)
        {
            if (plan.UpstreamOf(index).ToArray().Any(upstream => before.States[upstream].HasUndo(UndoPhase.Done) && !states[upstream].IsFinished))
                states[index] = BeginAnew(before.States[index], states[index]);
        }

        return after.With(after.Identity, Array.ConvertAll(states, Keep));
    }

    private static bool IsAgain(State before, State after) => !ReferenceEquals(before, after) && !after.IsFinished;

    private static State MakeAgain(State state) =>
        state.IsUndone ? state.Reset(message: null)
        : state.Children is { } children ? state.WithChildren(Array.ConvertAll(children, MakeAgain))
        : state.IsSuccessful && state.SubflowRun is { } subflow && state.HasUndo(UndoPhase.Done)
            ? state.ChangeSubflow(subflow.With(subflow.Identity, Array.ConvertAll(subflow.States, MakeAgain)))
        : state;

    // The subflow starts over with new inputs; what the edit itself changed in it stays.
    private static State BeginAnew(State before, State after) =>
        after.Children is { } children ? after.WithChildren([.. children.Select((child, index) => BeginAnew(before.Children![index], child))])
        : !after.IsFinished && after.SubflowRun is { } subflow && ReferenceEquals(subflow, before.SubflowRun)
            ? after.ResetTo(after.Type, after.Message, isStale: true) with { DueTime = after.DueTime }
        : after;

    private static State Keep(State state)
    {
        if (!state.HasUndo(UndoPhase.Due))
            return state;
        if (state.Children is { } children)
            return state.WithChildren(Array.ConvertAll(children, Keep));
        if (state.SubflowRun is { } subflow)
            state = state.WithSubflow(subflow.With(subflow.Identity, Array.ConvertAll(subflow.States, Keep)));
        return state.Undo is { Phase: UndoPhase.Due } ? state.DropUndo() : state;
    }
}
