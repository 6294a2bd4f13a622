using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>A run that travels by itself, as in a variable or a message. It is on record where that is usual for its flow.</summary>
/// <param name="State">The run as the step before left it.</param>
/// <remarks>What a step that died has put on record since is not done again; where the record is further on than the state, the state is late.</remarks>
public sealed record RunByState(FlowState State) : RunChoice
{
    /// <inheritdoc/>
    public override Flow Flow => State.Flow;

    /// <inheritdoc/>
    internal override bool ResetsCancelled => false;

    /// <inheritdoc/>
    internal override OpenedRun Open(CancellationToken cancellationToken) =>
        IsRecorded ? OpenedRun.Of(RunSession.Open(RecordedRuns.FilesOf(Flow), Folder, Flow), Of) : new(State);

    /// <inheritdoc/>
    internal override OpenedRun Look(CancellationToken cancellationToken) =>
        IsRecorded ? SeenRun.Open(RecordedRuns.FilesOf(Flow), Folder, Flow, Of) : new(State) { IsNew = true };

    private bool IsRecorded => Flow.RecordsRuns && State.Identity.Due is null && State.Identity.Naming != RunNaming.None;

    private RunFolder Folder => RunFolder.Of(Flow.Name, State.RunId);

    private OpenedRun Of(StoredRun? stored) =>
        stored is null ? new(RequestsWin.Begin(Whole(State, State.Identity)))
        : State.Identity.Naming == RunNaming.Id ? new(RequestsWin.Over(stored.With(Join(stored.Run)), State, stored.Run))
        : State.Step < stored.ClosedStep ? new(stored.Run) { IsLate = true }
        : new(RequestsWin.Over(stored.With(WholeIn(stored.Run)), State, stored.Run));

    private FlowState WholeIn(FlowState stored) => State.Identity.Naming == RunNaming.Whole ? State : Whole(State, stored.Identity with { Step = State.Step });

    private static FlowState Whole(FlowState run, RunIdentity identity) => run.With(identity with { Naming = RunNaming.Whole }, run.States);

    // A state that does not say of which step it is may be old: what the record says is done well is not done again.
    private FlowState Join(FlowState stored)
    {
        var states = (States.State[])State.States.Clone();
        for (var task = 0; task < states.Length; task++)
        {
            if (stored.States[task].IsSuccessful && !states[task].IsFinished)
                states[task] = stored.States[task];
        }

        return State.With(stored.Identity, states);
    }
}
