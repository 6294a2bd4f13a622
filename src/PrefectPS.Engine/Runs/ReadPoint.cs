using System.Runtime.CompilerServices;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>
/// How far this process has read a run. Records are immutable: if the same checkpoint and the same last record are still there, reading continues from
/// here.
/// </summary>
/// <param name="Incarnation">The run's incarnation.</param>
/// <param name="Checkpoint">Name of the checkpoint it was read from; null if none.</param>
/// <param name="Record">The last record read.</param>
/// <param name="Run">The run as of that record.</param>
internal sealed record ReadPoint(string Incarnation, string? Checkpoint, RecordReference Record, FlowState Run)
{
    // The run last read per flow; collected with the flow.
    private static readonly ConditionalWeakTable<Flow, StrongBox<ReadPoint?>> Last = new();

    /// <summary>The newest segment; null if none or not read.</summary>
    public SegmentOutline? Segment { get; init; }

    /// <summary>Number of the last step.</summary>
    public int Step { get; init; }

    /// <summary>Number of the last closed step.</summary>
    public int ClosedStep { get; init; }

    /// <summary>True if there are records of a step that was not closed.</summary>
    public bool IsAhead { get; init; }

    /// <summary>True if the last step has not said how it ended.</summary>
    public bool IsSilent { get; init; }

    /// <summary>True if an earlier step crashed.</summary>
    public bool HasCrashed { get; init; }

    /// <summary>Tasks changed by a last step that was not closed.</summary>
    public IReadOnlyCollection<int> Changed { get; init; } = [];

    /// <summary>Finds the read point of a flow; null if there is none that matches the journal.</summary>
    public static ReadPoint? Find(Flow flow, string incarnation, JournalChain journal) =>
        Last.TryGetValue(flow, out var box) && box.Value is { } point && point.Incarnation == incarnation
            && point.Checkpoint == journal.Base.Checkpoint?.Name && point.Record.Number <= journal.Last ? point : null;

    /// <summary>Caches this point, unless callers could modify objects of the run.</summary>
    /// <param name="before">The cached point it was read from; null if none.</param>
    public void Keep(ReadPoint? before)
    {
        if (CanKeep(before?.Run))
            Last.GetValue(Run.Flow, _ => new()).Value = this;
    }

    /// <summary>Returns the run for another reader: loaded results are read again, as readers may modify them.</summary>
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
