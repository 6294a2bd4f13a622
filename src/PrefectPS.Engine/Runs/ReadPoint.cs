using System.Runtime.CompilerServices;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>
/// How far this process has read a run. What stands on record never changes: who finds the same checkpoint, and this record by the same holder, goes on from here
/// and reads what came after it.
/// </summary>
/// <param name="Incarnation">What tells the run from every other one.</param>
/// <param name="Checkpoint">The name of the checkpoint that it was read from; null if none.</param>
/// <param name="Record">The last record that was read.</param>
/// <param name="Run">The run up to that record.</param>
internal sealed record ReadPoint(string Incarnation, string? Checkpoint, RecordReference Record, FlowState Run)
{
    // One for each flow: the run that was read last. It goes with the flow.
    private static readonly ConditionalWeakTable<Flow, StrongBox<ReadPoint?>> Last = new();

    /// <summary>The newest segment; null if none, or where it was not looked at.</summary>
    public SegmentOutline? Segment { get; init; }

    /// <summary>The number of the last step.</summary>
    public int Step { get; init; }

    /// <summary>The number of the last step that has ended.</summary>
    public int ClosedStep { get; init; }

    /// <summary>True if there are records of a step that did not end.</summary>
    public bool IsAhead { get; init; }

    /// <summary>True if the last step has said nothing yet of how it ended.</summary>
    public bool IsSilent { get; init; }

    /// <summary>True if a step before that ended without a word.</summary>
    public bool HasCrashed { get; init; }

    /// <summary>Tasks that the last step's records are of, which did not end.</summary>
    public IReadOnlyCollection<int> Changed { get; init; } = [];

    /// <summary>How far a run was read with a flow; null if it was not, or not from what is there now.</summary>
    public static ReadPoint? Find(Flow flow, string incarnation, JournalChain journal) =>
        Last.TryGetValue(flow, out var box) && box.Value is { } point && point.Incarnation == incarnation
            && point.Checkpoint == journal.Base.Checkpoint?.Name && point.Record.Number <= journal.Last ? point : null;

    /// <summary>Remembers it, where nothing of the run can be changed by who has it.</summary>
    /// <param name="before">The point that it was read from, which could be remembered; null if none.</param>
    public void Keep(ReadPoint? before)
    {
        if (CanKeep(before?.Run))
            Last.GetValue(Run.Flow, _ => new()).Value = this;
    }

    /// <summary>The run anew: what was read of results since is read again, as it may be changed by who has read it.</summary>
    public FlowState Renew()
    {
        State[]? states = null;
        for (var task = 0; task < Run.States.Length; task++)
        {
            var state = Run.States[task];
            if (Unread(state) is var unread && !ReferenceEquals(unread, state))
                (states ??= (State[])Run.States.Clone())[task] = unread;
        }

        return Run.With(Run.Identity, states ?? Run.States, Run.Settled);
    }

    private bool CanKeep(FlowState? before)
    {
        if (Run.Identity.Control.Events.Count > 0 || !Run.Identity.Parameters.Values.All(ValueSearch.IsPlain))
            return false;
        for (var task = 0; task < Run.States.Length; task++)
        {
            if (!ReferenceEquals(Run.States[task], before?.States[task]) && !CanKeep(Run.States[task]))
                return false;
        }

        return true;
    }

    private static bool CanKeep(State state) =>
        state.SubflowRun is null && state.LoopResult is null && state.Event is null && state.Prefect?.Wrapped is null
        && (state.Result is not { Location: null, IsLoaded: true } result || ValueSearch.IsPlain(result.Value))
        && (state.Children is null || Array.TrueForAll(state.Children, CanKeep));

    private static State Unread(State state)
    {
        if (state.Result is { Location: not null, IsLoaded: true } read)
            state = state with { Result = read.Unread() };
        if (state.Children is not { } children)
            return state;
        State[]? others = null;
        for (var child = 0; child < children.Length; child++)
        {
            if (Unread(children[child]) is var unread && !ReferenceEquals(unread, children[child]))
                (others ??= (State[])children.Clone())[child] = unread;
        }

        return others is null ? state : state with { Children = others };
    }
}
