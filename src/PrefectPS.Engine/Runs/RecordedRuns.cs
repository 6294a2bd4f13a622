using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>Takes steps of runs that are on record in their flow's store. docs/runs.md says what is written when, and why that is safe.</summary>
/// <param name="flow">The flow; it has a store.</param>
/// <param name="budget">What ends a step; it is told in the run's history.</param>
/// <param name="step">Takes the step itself: of this run, told to this recorder, until it is done or cancelled.</param>
/// <param name="durability">When the step's progress is kept; null for what suits the store.</param>
internal sealed class RecordedRuns(
    Flow flow, StepBudget budget, Func<FlowState, IRunRecorder, CancellationToken, FlowState> step, FlowDurability? durability = null)
{
    private readonly RunFiles _files = new(flow.Store ?? throw FlowErrors.RunWithoutStore(flow));

    /// <summary>Whether a flow's runs are on record unless someone asks for more: where it has a store, and its results are written there.</summary>
    public static bool AreUsual(Flow flow) => flow.Store is not null && flow.Checkpoints && flow.Services.Checkpoints();

    /// <summary>Takes a step of a run that travels by itself: on record where that is usual for its flow, else of the run alone.</summary>
    /// <param name="given">The run.</param>
    /// <param name="budget">What ends the step.</param>
    /// <param name="step">Takes the step itself: told to a recorder where the run is on record.</param>
    /// <param name="durability">When the step's progress is kept; null for what suits the store.</param>
    /// <param name="cancellationToken">Stops the step.</param>
    /// <exception cref="FlowException">As of <see cref="Step(FlowState, CancellationToken)"/>.</exception>
    public static StepOutcome StepAsUsual(
        FlowState given, StepBudget budget, Func<FlowState, IRunRecorder?, CancellationToken, FlowState> step, FlowDurability? durability,
        CancellationToken cancellationToken) =>
        AreUsual(given.Flow)
            ? new RecordedRuns(given.Flow, budget, step, durability).Step(given, cancellationToken)
            : new(step(given, null, cancellationToken), IsLate: false, []);

    /// <summary>The run on record of this id; null where there is none. Someone may be working on it.</summary>
    public static FlowState? Read(Flow flow, string runId) =>
        StoredRun.Read(new(flow.Store ?? throw FlowErrors.RunWithoutStore(flow)), RunFolder.Of(flow.Name, runId), flow)?.Run;

    /// <summary>The run that <see cref="Resume"/> would go on with; null where it would begin one.</summary>
    public static FlowRun? FindUnfinished(Flow flow) =>
        new RunIndex(new(flow.Store ?? throw FlowErrors.RunWithoutStore(flow))).OpenRuns(flow.Name) is [var newest, ..] ? newest : null;

    /// <summary>
    /// Takes a step of a run that travels by itself, as in a message. What a step that died has put on record since is not done again; where the
    /// record is further on than the given state, nothing is done.
    /// </summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreConflict"/>: another step is working on the run, or has taken it over. <see cref="FlowErrorId.StoreFailed"/>.
    /// </exception>
    public StepOutcome Step(FlowState given, CancellationToken cancellationToken)
    {
        using var session = Open(RunFolder.Of(flow.Name, given.RunId));
        return session.Stored is { } stored && given.Step < stored.ClosedStep
            ? new(stored.Run, IsLate: true, stored.Warnings)
            : Take(session, session.Stored?.With(given) ?? given, cancellationToken);
    }

    /// <summary>Takes a step of the run of this id. Where there is none, it begins.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="parameters">Values of the flow's parameters, for a run that begins.</param>
    /// <param name="cancellationToken">Stops the step.</param>
    /// <exception cref="FlowException">As of <see cref="Step(FlowState, CancellationToken)"/>, and <see cref="FlowErrorId.ParameterInvalid"/>.</exception>
    public StepOutcome Step(string runId, IReadOnlyDictionary<string, object?> parameters, CancellationToken cancellationToken)
    {
        using var session = Open(RunFolder.Of(flow.Name, runId));
        return Take(session, session.Stored?.Run ?? FlowState.New(flow, parameters, runId), cancellationToken);
    }

    /// <summary>Takes a step of the newest run that is not finished. Where there is none, one begins.</summary>
    /// <param name="parameters">Values of the flow's parameters, for a run that begins.</param>
    /// <param name="cancellationToken">Stops the step.</param>
    /// <exception cref="FlowException">As of <see cref="Step(string, IReadOnlyDictionary{string, object?}, CancellationToken)"/>.</exception>
    public StepOutcome Resume(IReadOnlyDictionary<string, object?> parameters, CancellationToken cancellationToken)
    {
        while (true)
        {
            var runId = (FindUnfinished(flow) ?? Begin(parameters)).RunId;
            using var session = Open(new(flow.Name, runId));
            var run = session.Stored?.Run ?? FlowState.New(flow, parameters, runId);
            if (!run.IsOver)
                return Take(session, run, cancellationToken);
            session.Settle(run); // its last step died before it could tell
        }
    }

    // Two that look at once and find nothing must not begin two runs.
    private FlowRun Begin(IReadOnlyDictionary<string, object?> parameters)
    {
        var index = new RunIndex(_files);
        using var lease = Lease.TryTake(_files, RunFolder.ResumeLease(flow.Name), flow.Services, () => { }) ?? throw FlowErrors.FlowBusy(flow);
        if (FindUnfinished(flow) is { } other)
            return other;
        var run = FlowRun.Of(_files.Store, FlowState.New(flow, parameters), flow.Services.Clock.GetUtcNow());
        index.Put(run.Folder, run);
        return run;
    }

    private RunSession Open(RunFolder folder) => RunSession.Open(_files, folder, flow);

    private StepOutcome Take(RunSession session, FlowState given, CancellationToken cancellationToken) => new(
        session.Take(given, budget, step, durability ?? _files.UsualDurability, cancellationToken), IsLate: false, session.Stored?.Warnings ?? []);
}
