using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Adds pending undo work to a run's status.</summary>
internal static class UndoStatus
{
    /// <summary>Adds what is left to be undone to the status of an ended run: a step does that, though nothing else of the run continues.</summary>
    /// <param name="status">The status without undo.</param>
    /// <param name="run">The run.</param>
    /// <param name="isDemanded">Whether the outcome triggers an automatic undo.</param>
    public static RunStatus Of(RunStatus status, FlowState run, bool isDemanded)
    {
        if (!status.IsOver || !run.Flow.Plan.MayUndo)
            return status;
        if (isDemanded)
            run = UndoMarker.Mark(run, isRepeated: false);
        if (!Array.Exists(run.States, state => state.HasUndo(UndoPhase.Due)))
            return Count(run.States, UndoPhase.Failed) is var failed and > 0 ? status with { Message = StateMessages.NotUndone(status.Message, failed) } : status;
        var now = run.Flow.Services.Clock.GetUtcNow();
        DateTimeOffset? next = null;
        var (isReady, isLater) = (false, false);
        foreach (var item in UndoOrder.Of(new View(run)))
        {
            isReady |= !(item.State.Undo!.DueTime > now);
            if (item.State.Undo.DueTime is { } due && due > now)
                (isLater, next) = (true, next < due ? next : due);
        }

        if (!isReady && !isLater)
            return status with { Message = StateMessages.NotUndone(status.Message, Count(run.States, UndoPhase.Failed)) };
        return status with
        {
            Message = StateMessages.Undoing(status.Message, Count(run.States, UndoPhase.Due)),
            HasPending = true,
            NextStartTime = isReady ? null : next,
            IsOver = false,
            IsUndoing = true,
        };
    }

    private static int Count(State[] states, UndoPhase phase) => states.Sum(state => Count(state, phase));

    private static int Count(State state, UndoPhase phase) =>
        state.Children is { } children ? Count(children, phase)
        : (state.Undo?.Phase == phase ? 1 : 0) + (state.SubflowRun is { } subflow ? Count(subflow.States, phase) : 0);

    /// <summary>An unchanging run.</summary>
    private sealed class View(FlowState run) : IUndoStates
    {
        public FlowPlan Plan => run.Flow.Plan;

        public State[] States => run.States;

        public IUndoStates? Inside(FlowTask task, int? child) =>
            (child is { } index ? run.States[task.Index].Children![index] : run.States[task.Index]).SubflowRun is { } subflow ? new View(subflow) : null;
    }
}
