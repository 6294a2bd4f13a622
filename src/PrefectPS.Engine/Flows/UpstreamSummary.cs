using System.Runtime.InteropServices;
using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>How the upstream tasks of a task stand, counted once. A mapped task counts by its children, those that its goal leaves where it has one.</summary>
[StructLayout(LayoutKind.Auto)]
public struct UpstreamSummary
{
    /// <summary>Whether there are upstream tasks; one that is mapped over nothing is one, though it has no children.</summary>
    internal bool HasTasks { get; private set; }

    /// <summary>How many states there are.</summary>
    internal int Total { get; private set; }

    internal int Finished { get; private set; }

    internal int Successful { get; private set; }

    internal int Failed { get; private set; }

    internal int Skipped { get; private set; }

    /// <summary>Counts the upstream tasks of a task or of a child of a mapped one, where the summary is to be: a copy would have to wait for the counts.</summary>
    /// <param name="states">The states.</param>
    /// <param name="task">The task.</param>
    /// <param name="child">
    /// Which child; null for the task itself. Where a mapped task waits for another child by child, a child sees its own counterpart,
    /// and the task itself only that the other is mapped.
    /// </param>
    /// <param name="summary">How they stand.</param>
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

    // Of a flat list: for a child the child that its element is of, for the task itself that the other is mapped.
    private static State? FlatSourceOf(RunStateView states, int upstream, int? child) =>
        child is not { } element ? states.States[upstream]
        : states.OriginOf(upstream, element) is { } origin ? states.States[upstream].Children![origin]
        : null;

    /// <summary>All these states together.</summary>
    internal static UpstreamSummary OfAll(State[] states)
    {
        var summary = default(UpstreamSummary);
        foreach (var state in states)
            summary.Add(state);
        return summary;
    }

    /// <summary>
    /// The children of a mapped task that has a goal: once it is over, those that have succeeded or, where it has failed, all that were begun, one of which has failed.
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

    // A mapped task whose children a document did not name is to be mapped again.
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
