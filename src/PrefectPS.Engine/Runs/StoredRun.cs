using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>A run as its record in a store has it: the state document, and the records that came after it.</summary>
internal sealed class StoredRun
{
    private readonly RunReplay _replay;
    private readonly List<JournalRecord> _records = [];
    private readonly List<int> _openings;

    private StoredRun(FlowState start, Snapshot snapshot, string? version)
    {
        _replay = new(start, start.Flow.Results);
        _openings = [.. snapshot.Openings];
        Snapshot = snapshot;
        Version = version;
        Last = snapshot.Record;
        Step = ClosedStep = SnapshotStep = start.Step;
    }

    /// <summary>What the state document includes.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>The number of the step that the state document is of.</summary>
    public int SnapshotStep { get; }

    /// <summary>The state document's version; null where there is none yet.</summary>
    public string? Version { get; }

    /// <summary>The number of the last record.</summary>
    public int Last { get; private set; }

    /// <summary>The number of the last step that has ended.</summary>
    public int ClosedStep { get; private set; }

    /// <summary>The number of the last step: one that has ended, or one whose process died.</summary>
    public int Step { get; private set; }

    /// <summary>The numbers of the records that opened a step, as many as are kept.</summary>
    public IReadOnlyList<int> Openings => _openings;

    /// <summary>Whether there are records that the state document does not include.</summary>
    public bool IsAhead => _records.Count > 0;

    /// <summary>The records that the state document does not include, in order.</summary>
    public IReadOnlyList<JournalRecord> Records => _records;

    /// <summary>The run.</summary>
    public FlowState Run => _replay.ToState(Step);

    /// <summary>What in the record could not be matched with the flow; one sentence each, naming it.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>
    /// The run that someone was given at the end of a step, with what has happened since: what a later step did that then died is not done again.
    /// </summary>
    public FlowState With(FlowState given) => given.Step > Step || !IsAhead ? given : _replay.ToState(Step, given);

    /// <summary>Reads a run.</summary>
    /// <returns>The run; null where there is no record of it.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or <see cref="FlowErrorId.StateInvalid"/>.</exception>
    public static StoredRun? Read(RunFiles files, RunFolder folder, Flow flow)
    {
        StoredRun? run = null;
        var progress = new ReadingProgress();
        if (files.Read(folder.State) is { } state)
        {
            var decoded = FlowStateReader.Read(flow, state.Content);
            foreach (var warning in decoded.Warnings)
                progress.Warn(() => warning);
            run = new(decoded.Run, Snapshot.Read(state.Content), state.Version);
        }

        for (var number = (run?.Last ?? 0) + 1; files.Read(folder.Record(number)) is { } found; number++)
        {
            var record = JournalRecord.Read(found.Content, flow.Services.Values);
            run ??= new(StartOf(flow, folder.RunId, record), Snapshot.None, version: null);
            run.Take(number, record, progress);
        }

        if (run is not null)
            run.Warnings = progress.Warnings;
        return run;
    }

    // Its first step died before it had written a state document: what the run began with is in the record that opened it.
    private static FlowState StartOf(Flow flow, string runId, JournalRecord opening)
    {
        var started = opening.Started ?? flow.Services.Clock.GetUtcNow();
        var parameters = RunParameters.Complete(flow, runId, opening.Parameters, RunParameters.None, []);
        return FlowState.New(flow, new RunInfo(runId, 0, started, parameters));
    }

    private void Take(int number, JournalRecord record, ReadingProgress progress)
    {
        record.Apply(_replay, progress);
        _records.Add(record);
        Last = number;
        Step = record.Step;
        if (record.Opens)
            _openings.Add(number);
        if (!record.Closes)
            return;
        ClosedStep = record.Step;
        _replay.ForgetChanges();
    }
}
