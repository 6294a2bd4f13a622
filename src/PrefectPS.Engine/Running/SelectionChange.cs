using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>A change of a run's selected tasks. Immutable.</summary>
/// <param name="Selection">The tasks; null for all.</param>
/// <param name="Scope">What is allowed for a run that has begun.</param>
public sealed record SelectionChange(RunSelection? Selection, SelectionScope Scope)
{
    /// <summary>
    /// Applies the selection; returns the run itself if it has it already. Everything from the start tasks on runs again, unless the run is under way
    /// from there, so that each step may repeat the same parameters.
    /// </summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SelectionInvalid"/>: the run has another selection.</exception>
    public FlowState ApplyTo(FlowState given)
    {
        var isSame = Equals(given.Identity.Selection, Selection);
        if (isSame && (Selection?.From is null || !given.IsOver))
            return given;
        if (!isSame && Scope == SelectionScope.Same)
            throw FlowErrors.SelectionKept(given, Name);
        if (!isSame && Scope == SelectionScope.Narrow && !IsWithin(given))
            throw FlowErrors.SelectionWider(given, Name);
        var run = given.Select(Selection);
        return Selection?.From is null ? run : Restart(run, Selection);
    }

    /// <summary>Like <see cref="ApplyTo"/>, and records the change.</summary>
    internal FlowState Begin(FlowState given, IRunRecorder? recorder)
    {
        var chosen = ApplyTo(given);
        if (ReferenceEquals(chosen, given) || recorder is null)
            return chosen;
        var states = new RunStates(given, recorder);
        states.Select(chosen.Identity.Selection);
        foreach (var task in given.Flow.Plan.Tasks)
        {
            var (before, now) = (given.States[task.Index], chosen.States[task.Index]);
            if (before.Type != now.Type)
                states.Change(task, child: null, before, now);
            states.Settle(task, child: null, now);
        }

        return chosen;
    }

    private string Name => Selection?.ToString() ?? "all of it";

    private bool IsWithin(FlowState given) =>
        given.Selected is not { } selected || (Selection is not null && selected.Includes(Selection.In(given.Flow.Plan)));

    private static FlowState Restart(FlowState run, RunSelection selection) => new StateEdit
    {
        Chooses = (task, child, _, path) => child is null && selection.From!.Any(from => from.Names(task, path)),
        To = StateType.Pending,
        Change = (task, state, identity, isStale) => IsLeftOut(task, identity) || state == State.NotRun ? state : state.Edit(StateType.Pending, message: null, isStale),
        IncludesDownstream = true,
    }.Of(run);

    private static bool IsLeftOut(FlowTask task, RunIdentity run) => run.Selection?.In(task.Flow.Plan).Has(task.Index) == false;
}
