using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>A run as its record in a store has it: the state document, and the records that came after it.</summary>
internal sealed class StoredRun
{
    private readonly FlowState _start;
    private readonly RunStates _states;
    private readonly HashSet<int> _changed = []; // tasks that the last step's records are of, which did not end
    private FlowState? _run;
    private readonly List<JournalRecord> _records = [];
    private readonly List<int> _openings;

    private StoredRun(FlowState start, JournalCheckpoint checkpoint, string? version)
    {
        _start = start;
        _states = new(start);
        _openings = [.. checkpoint.Openings];
        Checkpoint = checkpoint;
        Version = version;
        Last = checkpoint.Record;
        Step = ClosedStep = CheckpointStep = start.Step;
    }

    /// <summary>What the state document includes.</summary>
    public JournalCheckpoint Checkpoint { get; }

    /// <summary>The number of the step that the state document is of.</summary>
    public int CheckpointStep { get; }

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
    public FlowState Run => _run ??= AsOf(Step);

    /// <summary>What in the record could not be matched with the flow; one sentence each, naming it.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>
    /// The run that someone was given at the end of a step, with what has happened since: what a later step did that then died is not done again.
    /// </summary>
    public FlowState With(FlowState given) => given.Step > Step || !IsAhead ? given : Merge(given);

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
            run = new(decoded.Run, JournalCheckpoint.Read(state.Content), state.Version);
        }

        for (var number = (run?.Last ?? 0) + 1; files.Read(folder.Record(number)) is { } found; number++)
        {
            var record = JournalRecord.Read(found.Content, flow.Services.Values);
            run ??= new(StartOf(flow, folder.RunId, record), JournalCheckpoint.None, version: null);
            run.Take(number, record, progress);
        }

        if (run is not null)
            run.Warnings = progress.Warnings;
        return run;
    }

    private FlowState AsOf(int step)
    {
        var info = _start.Identity with { Step = step };
        return _states.ToState(info) is var run && run.Step == step ? run : _start.With(info, run.States);
    }

    // What the records of a step that died do not speak of is as someone else has it, who knows nothing of them.
    private FlowState Merge(FlowState given)
    {
        var states = (State[])Run.States.Clone();
        for (var task = 0; task < states.Length; task++)
        {
            if (!_changed.Contains(task))
                states[task] = given.States[task];
        }

        return given.With(Run.Identity, states);
    }

    // Its first step died before it had written a state document: what the run began with is in the record that opened it.
    private static FlowState StartOf(Flow flow, string runId, JournalRecord opening)
    {
        var started = opening.Started ?? flow.Services.Clock.GetUtcNow();
        var parameters = RunParameters.Complete(flow, runId, opening.Parameters, RunParameters.None, []);
        return FlowState.New(flow, new RunIdentity(runId, 0, started, parameters));
    }

    private void Take(int number, JournalRecord record, ReadingProgress progress)
    {
        record.Apply(_states, _changed, progress);
        _records.Add(record);
        Last = number;
        Step = record.Step;
        if (record.Opens)
            _openings.Add(number);
        if (!record.Closes)
            return;
        ClosedStep = record.Step;
        _changed.Clear();
    }
}
