using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>A run as its record in a store has it: the newest checkpoint, and the records that came after it.</summary>
internal sealed class StoredRun
{
    private readonly HashSet<int> _changed = []; // tasks that the last step's records are of, which did not end
    private readonly HashSet<int> _begunAgain = []; // tasks that an edit made to run again since the checkpoint
    private FlowChanges? _changes;
    private FlowState _start;
    private RunStates _states;
    private FlowState? _run;
    private bool _isSilent; // the last step has said nothing yet of how it ended
    private bool _hasCrashed;
    private string? _holder; // of the last record that was read

    private StoredRun(FlowState start, JournalChain journal)
    {
        _start = start;
        _states = new(start);
        Journal = journal;
        Step = ClosedStep = start.Step;
    }

    private StoredRun(ReadPoint point, JournalChain journal)
        : this(point.Renew(), journal)
    {
        _holder = point.Record.Holder;
        (Step, ClosedStep, IsAhead, _isSilent, _hasCrashed) = (point.Step, point.ClosedStep, point.IsAhead, point.IsSilent, point.HasCrashed);
        _changed.UnionWith(point.Changed);
    }

    /// <summary>The run's journal.</summary>
    public JournalChain Journal { get; }

    /// <summary>The number of the last record.</summary>
    public int Last => Journal.Last;

    /// <summary>The number of the last step that has ended.</summary>
    public int ClosedStep { get; private set; }

    /// <summary>The number of the last step: one that has ended, or one whose process died.</summary>
    public int Step { get; private set; }

    /// <summary>Whether there are records of a step that did not end.</summary>
    public bool IsAhead { get; private set; }

    /// <summary>Whether a step has ended without a word since the last one that ended in good order.</summary>
    public bool HasCrashed => _hasCrashed || _isSilent;

    /// <summary>Whether the last step is the one that ended without a word.</summary>
    public bool HasJustCrashed => _isSilent;

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
        var reader = run.JournalIn(files);
        return reader.Read(journal => Read(reader, journal, run, flow));
    }

    /// <summary>Reads a run from its journal as it is at one moment.</summary>
    /// <exception cref="ObjectGoneException">An object is not there.</exception>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.RunDamaged"/>.</exception>
    public static StoredRun Read(JournalReader reader, JournalChain journal, LivingRun living, Flow flow)
    {
        var progress = new ReadingProgress();
        var point = ReadPoint.Find(flow, living.Head.Incarnation, journal);
        journal.Recall(point?.Segment);
        if (point is not null && TryGoOn(point, journal, progress) is { } known)
            return known.Keep(living, point);
        DecodedState? checkpointed = null;
        var start = journal.Base.Checkpoint is { } checkpoint
            ? reader.Checkpoint(checkpoint, document => (checkpointed = Read(document, flow, progress)).Run)
            : FlowState.New(flow, living.Head.ToRun(flow));
        var run = new StoredRun(start, journal) { _changes = checkpointed?.Changes };
        journal.Visit(journal.Base.Included, record => run.Take(record, progress));
        run.Warnings = progress.LostTasks || checkpointed is { LostTasks: true } ? [.. progress.Warnings, SharedName(living.Folder.Run.RunId, flow)] : progress.Warnings;
        return run.Keep(living, before: null);
    }

    /// <summary>The run, with what is to be done where its flow has changed since its last step ended.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowChanged"/>.</exception>
    public FlowState For(FlowChangeAction action) =>
        _changes is null ? Run : _changes.ApplyTo(Run, action, _begunAgain, warning => Warnings = [.. Warnings, warning]);

    // Null where the record that was read last is not the same any more.
    private static StoredRun? TryGoOn(ReadPoint point, JournalChain journal, ReadingProgress progress)
    {
        var run = new StoredRun(point, journal);
        var isSame = point.Record.Number == journal.Base.Included; // then the checkpoint's name says so
        journal.Visit(Math.Max(point.Record.Number - 1, journal.Base.Included), record =>
        {
            if (record.Number == point.Record.Number)
                isSame = record.Holder == point.Record.Holder;
            else if (isSame)
                run.Take(record, progress);
        });
        run.Warnings = progress.Warnings;
        return isSame ? run : null;
    }

    // What was to be said of the record is said by who reads all of it.
    private StoredRun Keep(LivingRun living, ReadPoint? before)
    {
        if (_changes is not null || Warnings.Count > 0 || before?.Record.Number == Last)
            return this;
        var point = new ReadPoint(living.Head.Incarnation, Journal.Base.Checkpoint?.Name, new(Last, _holder), Run)
        {
            Segment = Journal.Base.Merged > Journal.Base.Included ? Journal.Outline?.Alone() : null,
            Step = Step,
            ClosedStep = ClosedStep,
            IsAhead = IsAhead,
            IsSilent = _isSilent,
            HasCrashed = _hasCrashed,
            Changed = [.. _changed],
        };
        point.Keep(before);
        return this;
    }

    private static string SharedName(string runId, Flow flow) =>
        $"Run '{runId}' has tasks that this script's flow '{flow.Name}' does not have. If another script has a flow of this name in the same store, "
        + "the two continue each other's runs: use another name, or another store.";

    private static DecodedState Read(byte[] document, Flow flow, ReadingProgress progress)
    {
        var decoded = FlowStateReader.Read(flow, document);
        foreach (var warning in decoded.Warnings)
            progress.Warn(() => warning);
        return decoded;
    }

    private FlowState AsOf(int step)
    {
        var info = _start.Identity with { Step = step };
        return _states.ToState(info) is var run && run.Step == step ? run : _start.With(info with { Control = _states.Control }, run.States);
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

    private void ResetCancelled()
    {
        _start = AsOf(Step).ResetCancelled();
        _states = new(_start);
    }

    // A record of no step has the number of the step before.
    private void NoteEnd(JournalRecord record)
    {
        if (record.Opens && record.Step > Step)
        {
            _hasCrashed |= _isSilent;
            _isSilent = true;
        }

        _isSilent &= record is { Closes: false, IsInterrupted: false };
        _hasCrashed &= !record.Closes;
    }

    private void Take(JournalRecord record, ReadingProgress progress)
    {
        if (record.Resets)
            ResetCancelled();
        progress.BeginPart();
        record.Apply(_states, _changed, progress);
        if (_changes is not null)
            _begunAgain.UnionWith(_changed.Where(task => _states.States[task].ForceRerun));
        NoteEnd(record);
        _holder = record.Holder;
        Step = record.Step;
        if (record.ResetsAfter)
            ResetCancelled();
        IsAhead = !record.Closes;
        if (!record.Closes)
            return;
        ClosedStep = record.Step;
        _changed.Clear();
    }
}
