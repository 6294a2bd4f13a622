using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>A run read from its record: the newest checkpoint, and the records after it.</summary>
public sealed class StoredRun
{
    private readonly HashSet<int> _changed = []; // tasks changed by a last step that was not closed
    private readonly HashSet<int> _begunAgain = []; // tasks that an edit reset since the checkpoint
    private FlowChanges? _changes;
    private FlowState _start;
    private RunStates _states;
    private FlowState? _run;
    private bool _isSilent; // the last step has not said how it ended
    private bool _hasCrashed;
    private string? _holder; // of the last record read

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
    internal JournalChain Journal { get; }

    /// <summary>Number of the last record.</summary>
    internal int Last => Journal.Last;

    /// <summary>Number of the last closed step.</summary>
    internal int ClosedStep { get; private set; }

    /// <summary>Number of the last step, closed or crashed.</summary>
    internal int Step { get; private set; }

    /// <summary>True if there are records of a step that was not closed.</summary>
    internal bool IsAhead { get; private set; }

    /// <summary>True if a step has crashed since the last one that was closed.</summary>
    internal bool HasCrashed => _hasCrashed || _isSilent;

    /// <summary>True if the last step crashed.</summary>
    internal bool HasJustCrashed => _isSilent;

    /// <summary>The run.</summary>
    public FlowState Run => _run ??= AsOf(Step);

    /// <summary>Warnings about what in the record could not be matched with the flow.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Merges what was recorded since into a run that a caller got at the end of a step: work of a crashed later step is not repeated.</summary>
    internal FlowState With(FlowState given) => given.Step > Step || !IsAhead ? given : Merge(given);

    /// <summary>Reads a run.</summary>
    /// <returns>The run; null if none.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreFailed"/>, <see cref="FlowErrorId.RunDamaged"/> or <see cref="FlowErrorId.RecordVersion"/>.
    /// </exception>
    public static StoredRun? Find(RunFiles files, RunFolder folder, Flow flow)
    {
        while (ExistingRun.Find(files, folder, flow.Services.Values) is { } run)
        {
            if (TryRead(files, run, flow) is { } stored)
                return stored;
        }

        return null;
    }

    /// <summary>Reads a run.</summary>
    /// <returns>The run; null if it was removed meanwhile.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.RunDamaged"/>.</exception>
    public static StoredRun? TryRead(RunFiles files, ExistingRun run, Flow flow)
    {
        var reader = run.JournalIn(files);
        return reader.Read(journal => Read(reader, journal, run, flow));
    }

    /// <summary>Reads a run from a snapshot of its journal.</summary>
    /// <exception cref="ObjectGoneException">An object is missing.</exception>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.RunDamaged"/>.</exception>
    internal static StoredRun Read(JournalReader reader, JournalChain journal, ExistingRun existing, Flow flow)
    {
        var progress = new ReadingProgress();
        var point = ReadPoint.Find(flow, existing.Head.Incarnation, journal);
        journal.Recall(point?.Segment);
        if (point is not null && TryContinue(point, journal, progress) is { } known)
            return known.Keep(existing, point);
        DecodedState? checkpointed = null;
        var start = journal.Base.Checkpoint is { } checkpoint
            ? reader.Checkpoint(checkpoint, document => (checkpointed = Read(document, flow, progress)).Run)
            : FlowState.New(flow, existing.Head.ToRun(flow));
        var run = new StoredRun(start, journal) { _changes = checkpointed?.Changes };
        journal.Visit(journal.Base.Included, record => run.Take(record, progress));
        run.Warnings = progress.LostTasks || checkpointed is { LostTasks: true } ? [.. progress.Warnings, SharedName(existing.Folder.Run.RunId, flow)] : progress.Warnings;
        return run.Keep(existing, before: null);
    }

    /// <summary>The run, adapted if its flow has changed since its last step.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowChanged"/>.</exception>
    internal FlowState For(FlowChangeAction action) =>
        _changes is null ? Run : _changes.ApplyTo(Run, action, _begunAgain, warning => Warnings = [.. Warnings, warning]);

    // Null if the record last read has changed.
    private static StoredRun? TryContinue(ReadPoint point, JournalChain journal, ReadingProgress progress)
    {
        var run = new StoredRun(point, journal);
        var isSame = point.Record.Number == journal.Base.Included; // then the checkpoint's name proves it
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

    // Runs with warnings are not cached: each reader must get them.
    private StoredRun Keep(ExistingRun existing, ReadPoint? before)
    {
        if (_changes is not null || Warnings.Count > 0 || before?.Record.Number == Last)
            return this;
        var point = new ReadPoint(existing.Head.Incarnation, Journal.Base.Checkpoint?.Name, new(Last, _holder), Run)
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

    // Tasks that the crashed step's records do not mention are taken from the caller's run.
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

    // A record outside of a step has the number of the previous step.
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
