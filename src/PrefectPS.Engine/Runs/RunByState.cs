using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>Chooses a run by a state that the caller holds, as in a variable or a message. It is recorded if that is the flow's default.</summary>
/// <param name="State">The run as the previous step left it.</param>
/// <remarks>Work recorded by a crashed step is not repeated. If the record is further along than the state, the state is stale.</remarks>
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
        IsRecorded ? RunPreview.Open(RecordedRuns.FilesOf(Flow), Folder, Flow, Of) : new(State) { IsNew = true };

    private bool IsRecorded => Flow.RecordsRuns && State.Identity.Due is null && State.Identity.Coverage != IdentityCoverage.None;

    private RunFolder Folder => RunFolder.Of(Flow.Name, State.RunId);

    private OpenedRun Of(StoredRun? stored) =>
        stored is null ? new(RecordReconciliation.Restart(Whole(State, State.Identity)))
        : State.Identity.Coverage == IdentityCoverage.Id ? new(RecordReconciliation.Merge(stored.With(Join(stored.Run)), State, stored.Run))
        : State.Step < stored.ClosedStep ? new(stored.Run) { IsLate = true }
        : new(RecordReconciliation.Merge(stored.With(WholeIn(stored.Run)), State, stored.Run));

    private FlowState WholeIn(FlowState stored) => State.Identity.Coverage == IdentityCoverage.Whole ? State : Whole(State, stored.Identity with { Step = State.Step });

    private static FlowState Whole(FlowState run, RunIdentity identity) => run.With(identity with { Coverage = IdentityCoverage.Whole }, run.States);

    // A state without a step number may be stale: what the record says has succeeded is not repeated.
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
