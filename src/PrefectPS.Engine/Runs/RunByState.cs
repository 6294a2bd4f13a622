using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>A run that travels by itself, as in a variable or a message. It is on record where that is usual for its flow.</summary>
/// <param name="State">The run as the step before left it.</param>
/// <remarks>What a step that died has put on record since is not done again; where the record is further on than the state, the state is late.</remarks>
internal sealed record RunByState(FlowState State) : RunChoice
{
    /// <inheritdoc/>
    public override Flow Flow => State.Flow;

    /// <inheritdoc/>
    public override bool ResetsCancelled => false;

    /// <inheritdoc/>
    public override OpenedRun Open(CancellationToken cancellationToken)
    {
        if (!RecordedRuns.AreUsual(Flow))
            return new(State);
        return OpenedRun.Of(RunSession.Open(RecordedRuns.FilesOf(Flow), RunFolder.Of(Flow.Name, State.RunId), Flow), stored =>
            stored is null ? new(State)
            : State.Step < stored.ClosedStep ? new(stored.Run) { IsLate = true }
            : new(stored.With(State)));
    }
}
