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
    /// <returns>The run; null where there is none.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreFailed"/>, <see cref="FlowErrorId.RunDamaged"/> or <see cref="FlowErrorId.RecordVersion"/>.
    /// </exception>
    public static StoredRun? Find(RunFiles files, RunFolder folder, Flow flow)
    {
        while (LivingRun.Find(files, folder, flow.Services.Values) is { } run)
        {
            if (TryRead(files, run, flow) is { } stored)
                return stored;
        }

        return null;
    }

    /// <summary>Reads a run.</summary>
    /// <returns>The run; null where it was removed meanwhile.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.RunDamaged"/>.</exception>
    public static StoredRun? TryRead(RunFiles files, LivingRun run, Flow flow)
    {
        while (true)
        {
            var state = files.Read(run.Folder.State);
            var stored = Read(files, run, flow, state);
            var version = files.VersionOf(run.Folder.State);
            if (version == state?.Version && (version is not null || RunHead.IsOf(files, run.Folder)))
                return stored;
            if (version is null)
                return null;
        }
    }

    // Records that a later state document includes are deleted: where one was written meanwhile, some of those that were looked for may be missing,
    // and what they tell would be done again.
    private static StoredRun Read(RunFiles files, LivingRun living, Flow flow, (byte[] Content, string Version)? state)
    {
        var progress = new ReadingProgress();
        var run = state is { } found
            ? Of(files, living.Folder, flow, found, progress)
            : new StoredRun(FlowState.New(flow, living.Head.ToRun(flow)), JournalCheckpoint.None, version: null);
        for (var number = run.Last + 1; files.Read(living.Folder.Record(number)) is { } next; number++)
        {
            var path = living.Folder.Record(number);
            run.Take(number, Intact(files, living.Folder, path, () => JournalRecord.Read(next.Content)), progress);
        }

        run.Warnings = progress.Warnings;
        return run;
    }

    private static StoredRun Of(RunFiles files, IncarnationFolder folder, Flow flow, (byte[] Content, string Version) state, ReadingProgress progress) =>
        Intact(files, folder, folder.State, () =>
        {
            var decoded = FlowStateReader.Read(flow, state.Content);
            foreach (var warning in decoded.Warnings)
                progress.Warn(() => warning);
            return new StoredRun(decoded.Run, JournalCheckpoint.Read(state.Content), state.Version);
        });

    private static T Intact<T>(RunFiles files, IncarnationFolder folder, string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            throw FlowErrors.RunDamaged(files.Store.Name, folder.Run, path, e);
        }
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
