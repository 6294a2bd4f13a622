using System.Runtime.InteropServices;
using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Counts of a task's upstream states. A mapped task counts by its children; with a goal, only by those that count.</summary>
[StructLayout(LayoutKind.Auto)]
public struct UpstreamSummary
{
    /// <summary>True if there are upstream tasks; a task mapped over an empty list counts, though it has no children.</summary>
    internal bool HasTasks { get; private set; }

    /// <summary>Number of states.</summary>
    internal int Total { get; private set; }

    internal int Finished { get; private set; }

    internal int Successful { get; private set; }

    internal int Failed { get; private set; }

    internal int Skipped { get; private set; }

    /// <summary>Counts the upstream states of a task or of a child of a mapped task. An out parameter avoids a copy of the struct.</summary>
    /// <param name="states">The states.</param>
    /// <param name="task">The task.</param>
    /// <param name="child">
    /// The child; null for the task itself. If a mapped task waits for another child by child, a child sees its counterpart, and the task itself sees
    /// only that the other is mapped.
    /// </param>
    /// <param name="summary">The counts.</param>
    internal static void Count(RunStateView states, int task, int? child, out UpstreamSummary summary)
    {
        var upstream = states.Plan.UpstreamOf(task);
        summary = default;
        summary.HasTasks = upstream.Length > 0;
        foreach (var index in upstream)
        {
            var state = states.States[index];
            if (state.Children is not { } children)
                summary.Add(state);
            else if (states.Plan.WaitsByChild(task, index))
                summary.Add(child is { } i ? children[i] : state);
            else if (states.Plan.TakesElements(task, index) && state.IsFinished && FlatSourceOf(states, index, child) is { } source)
                summary.Add(source);
            else
                summary.Add(states.SummaryOfChildren(index));
        }
    }

    // For a flattened list: a child's source is the upstream child its element came from; the task itself sees only that the other is mapped.
    private static State? FlatSourceOf(RunStateView states, int upstream, int? child) =>
        child is not { } element ? states.States[upstream]
        : states.OriginOf(upstream, element) is { } origin ? states.States[upstream].Children![origin]
        : null;

    /// <summary>Counts states.</summary>
    internal static UpstreamSummary OfAll(State[] states)
    {
        var summary = default(UpstreamSummary);
        foreach (var state in states)
            summary.Add(state);
        return summary;
    }

    /// <summary>
    /// Counts the children of a mapped task with a goal. Once it is over: the succeeded children or, if it failed, all that were started, at least one of
    /// them failed.
    /// </summary>
    internal static UpstreamSummary OfGoal(State mapped)
    {
        if (!mapped.IsFinished)
            return OfAll(mapped.Children!);
        if (mapped.IsSuccessful)
            return OfAll(mapped.CountedChildren!);
        var summary = OfAll(Array.FindAll(mapped.Children!, child => !child.Type.IsSkipped()));
        if (mapped.IsFailed && summary.Failed == 0)
            summary.Add(new State(StateType.Failed));
        return summary;
    }

    private void Add(UpstreamSummary others)
    {
        Total += others.Total;
        Finished += others.Finished;
        Successful += others.Successful;
        Failed += others.Failed;
        Skipped += others.Skipped;
    }

    // A document that does not list the children of a mapped task leaves it to be mapped again.
    private void Add(State state)
    {
        Total++;
        if (state is { Type: StateType.Mapped, Children: null })
            return;
        var traits = state.Type.Traits();
        Finished += Has(traits, StateTraits.Finished);
        Successful += Has(traits, StateTraits.Successful);
        Failed += Has(traits, StateTraits.Failed);
        Skipped += Has(traits, StateTraits.Skipped);
    }

    private static int Has(StateTraits traits, StateTraits trait) => (traits & trait) == trait ? 1 : 0;
}
