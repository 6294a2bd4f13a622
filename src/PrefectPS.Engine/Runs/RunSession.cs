using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>A run that this process works on: it holds the lease, has read the record, and takes one step.</summary>
public sealed partial class RunSession : IDisposable
{
    private readonly RunFiles _files;
    private readonly RunFolder _folder;
    private readonly Flow _flow;
    private readonly string? _own;
    private readonly Lease _lease;
    private readonly CancellationTokenSource _stop;
    private OpenEntry _entry;
    private string? _strayHead; // the version of a head that is none
    private bool _isIndexed;
    private IReadOnlyList<string> _notifies = []; // what somebody is told of the run
    private Journal? _journal;

    private RunSession(RunFiles files, RunFolder folder, Flow flow, string? own, Lease? lease = null)
    {
        _files = files;
        _folder = folder;
        _flow = flow;
        _own = own;
        _stop = new();
        _lease = lease ?? AppliersLease.TryTake(files, folder, flow.Services, () => _journal?.FailAsTakenOver())
            ?? throw FlowErrors.RunBusy(folder);
        _entry = null!; // read next
    }

    /// <summary>The run as it was on record; null where it was not.</summary>
    internal StoredRun? Stored { get; private set; }

    /// <summary>Whether an entry of the index says that the run is being begun.</summary>
    internal bool IsBeginning => _entry.Run is { Mark: EntryMark.Beginning };

    /// <summary>Where the run keeps its record, once there is one.</summary>
    internal IncarnationFolder Incarnation { get; private set; } = null!;

    /// <summary>Opens a run.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="flow">Its flow.</param>
    /// <param name="own">The incarnation that this process has written an index entry for; null where it has not.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another step is working on it. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    internal static RunSession Open(RunFiles files, RunFolder folder, Flow flow, string? own = null) => new RunSession(files, folder, flow, own).Begin();

    private RunSession Begin()
    {
        try
        {
            Read();
            ApplyRequests();
            TellWhatIsDue();
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Reads the run as it is on record now.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreFailed"/>, <see cref="FlowErrorId.RunDamaged"/> or <see cref="FlowErrorId.RecordVersion"/>.
    /// </exception>
    internal void Read()
    {
        RunHead? head;
        LivingRun? run;
        do
        {
            head = RunHead.Find(_files, _folder, _flow.Services.Values);
            _entry = OpenEntry.Read(_files, _folder);
            run = head is null ? null : LivingRun.Find(_files, _folder, head, _entry);
            Stored = run is null ? null : StoredRun.TryRead(_files, run, _flow);
        }
        while (run is not null && Stored is null); // it was removed meanwhile

        if (head is null && _entry.Run is { Mark: EntryMark.None } && _files.VersionOf(_folder.Head) is null && _entry.IsAsSeen())
            throw FlowErrors.RunDamaged(_files.Store.Name, _folder, _folder.Head);
        _strayHead = run is null ? head?.Version : null;
        _isIndexed = run is null or { IsIndexed: true };
        if (run is not null)
            Incarnation = run.Folder;
        _notifies = run?.Head.Notifies ?? [];
    }

    /// <summary>Ends the removal of a run that does not exist any more, where one was begun.</summary>
    /// <returns>Whether one was.</returns>
    internal bool EndRemoval()
    {
        if (_entry.Run is not { Mark: EntryMark.Removing or EntryMark.Reopening })
            return false;
        if (_entry.Run.Mark == EntryMark.Reopening)
            LostHead.Demand(_files, _folder);
        RunRemoval.Remove(_files, _folder, _entry, _lease, _flow);
        Read();
        return true;
    }

    /// <summary>Takes a step, and puts what it came to on record.</summary>
    /// <returns>The run after the step; null where a late write of another process came between what was read and the step's first record: the run is to be read again.</returns>
    /// <exception cref="StepStoppedException">The step was stopped from outside; what had ended by then is on record.</exception>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: someone else has taken the run over. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    internal FlowState? TryTake(FlowState given, StepRequest request, CancellationToken cancellationToken)
    {
        TellOfCrash(given);
        if (TryTakeStep(given, request, cancellationToken) is not { } taken)
            return null;
        var after = Tell(taken);
        if (after.IsOver && _flow.Retention is { } retention)
            new RetentionSweep(_files, _flow, retention).Run(_folder.RunId, request.Notices.Warn);
        return after;
    }

    private FlowState? TryTakeStep(FlowState given, StepRequest request, CancellationToken cancellationToken)
    {
        if (!_lease.IsHeld(isDoubted: false))
            throw FlowErrors.RunTakenOver(_folder);
        using var places = StorePlaces.Open(_files, _flow, _stop.Cancel);
        if (!TryEnter(given))
            return null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        var durability = request.Durability ?? _files.UsualDurability;
        var start = request.ResetCancelled ? Stored?.Run.ResetCancelled() : Stored?.Run;
        using var journal = new Journal(_files, Incarnation, given, request.Budget, Stored, _lease, durability, _stop.Cancel)
        {
            Resets = !ReferenceEquals(start, Stored?.Run),
            ResetsAfter = request.ResetCancelled,
            KeepsLog = !request.NoLog && _flow.Services.KeepsLog(),
        };
        _journal = journal;
        using var interruption = cancellationToken.Register(journal.TryInterrupt); // at once: a body that does not end may be all that the process has time for
        using var control = new StepControl(_files, Incarnation, given, journal, _stop.Cancel);
        var recorder = new JournalRecorder(journal, _lease, _files.Store, recordsStarts: Stored is { HasCrashed: true } && request.Pool is not { Places: not null });
        var isEdited = !ReferenceEquals(given, Stored?.Run)
            && RecordEdits(start ?? FlowState.New(given.Flow, given.Identity), request.ResetCancelled ? given.ResetCancelled() : given, recorder);
        try
        {
            var after = StepRunner.Run(given, places is null ? request : request with { Places = places }, recorder, control, stop.Token);
            journal.ThrowIfFailed();
            if (isEdited || Stored is null or { IsAhead: true } || journal.Opening is not null || !ReferenceEquals(after, given))
                Close(after = WithWhatIsDue(Stored?.Run, after, recorder));
            else
                Settle(after);
            control.Tidy();
            return after;
        }
        catch (Exception) when (journal.IsOpeningTaken && _lease.IsHeld(isDoubted: true))
        {
            return null;
        }
        catch (OperationCanceledException) when (journal.Failure is not null && !cancellationToken.IsCancellationRequested)
        {
            throw journal.Failure;
        }
        catch (OperationCanceledException) when (places?.Lost is not null && !cancellationToken.IsCancellationRequested)
        {
            journal.TryInterrupt();
            throw FlowErrors.PlaceLost(places.Lost, _files.Store.Name);
        }
        catch
        {
            journal.TryInterrupt();
            throw;
        }
        finally
        {
            _journal = null;
        }
    }

    // Makes the run exist, and the index name it. False where a late write of another process came between what was read and this: the lease is still held.
    private bool TryEnter(FlowState given)
    {
        try
        {
            if (Stored is null)
                Begin(given);
            else if (!given.IsOver && _entry.Run is null or { Mark: EntryMark.Removing }) // the mark of a removal that was too late
                WriteEntry(given, EntryMark.Reopening);
            if (_entry.Run is { Mark: EntryMark.Beginning or EntryMark.Reopening })
                Confirm(given);
            return true;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict && _lease.IsHeld(isDoubted: true))
        {
            return false;
        }
    }

    /// <summary>Sees to it that the record of a run with which there is nothing to do is whole, whatever the last step could not do.</summary>
    internal void Settle(FlowState run)
    {
        if (Stored is { IsAhead: true })
        {
            using var journal = _journal = JournalOfNoStep(run);
            Close(run);
            _journal = null;
        }
        else if (run.IsOver && (_entry.Run is not null || !_isIndexed))
        {
            PutStoredSummary(run);
        }
    }

    // What is written when no body runs.
    private Journal JournalOfNoStep(FlowState run) => new(_files, Incarnation, run, StepBudget.Unlimited, Stored, _lease, FlowDurability.Step, () => { });

    /// <inheritdoc/>
    public void Dispose()
    {
        _lease.Dispose();
        _stop.Dispose();
    }

    // Edits between the step before and this one.
    private static bool RecordEdits(FlowState start, FlowState given, JournalRecorder recorder)
    {
        var run = new RunStates(start, recorder);
        if (!Equals(run.Selection, given.Identity.Selection))
            run.Select(given.Identity.Selection);
        for (var i = 0; i < given.States.Length; i++)
        {
            var (before, now) = (run.States[i], given.States[i]);
            var task = given.Flow.Plan.Tasks[i];
            if (ReferenceEquals(before, now) || IsSame(task, before, now, given))
                continue;
            if (before.Type != now.Type && !(before.IsCancelledByBudget && now.Type == StateType.Pending)) // what a budget cut off, and is to run again, is as it was
                run.Change(task, child: null, before, now);
            run.Settle(task, child: null, now);
        }

        return run.Changes > 0;
    }

    private static bool IsSame(FlowTask task, State before, State now, FlowState run) =>
        before == now || Entry(task, before, run).AsSpan().SequenceEqual(Entry(task, now, run));

    private static byte[] Entry(FlowTask task, State state, FlowState run) =>
        JsonStyle.ToBytes(json => FlowStateWriter.WriteTask(json, task, state, run.StartTime, run.Flow.Services.Values));

    // The last record makes the step's end final. What follows makes it quick to find.
    private void Close(FlowState after)
    {
        _journal!.Close(after, Stored is null || Stored.Warnings.Count > 0 || !HasSameParameters(Stored.Run.Identity, after.Identity));
        PutSummary(after, _journal.Last, _journal.OpeningMark);
        if (_lease.Former is { } former)
            FormerLitter.Delete(_files, Incarnation, former, after);
    }

    private bool HasSameParameters(RunIdentity one, RunIdentity other) =>
        ReferenceEquals(one.Parameters, other.Parameters) || Parameters(one).AsSpan().SequenceEqual(Parameters(other));

    private byte[] Parameters(RunIdentity run) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        FlowStateWriter.WriteParameters(json, run, _flow.Services.Values);
        json.WriteEndObject();
    });

    // The entry keeps others from beginning a run of this id; the head makes it exist.
    private void Begin(FlowState given)
    {
        EndRemoval();
        if (_entry.Run is { Mark: EntryMark.None })
            throw _strayHead is null && RunHead.Find(_files, _folder) is null ? FlowErrors.RunDamaged(_files.Store.Name, _folder, _folder.Head) : FlowErrors.RunTakenOver(_folder);
        var incarnation = _flow.Services.NewId();
        if (_own is not null && _entry.Run?.Incarnation == _own)
            incarnation = _own;
        else if (!_entry.TryWrite(SummaryOf(given, incarnation, EntryMark.Beginning)))
            throw FlowErrors.RunTakenOver(_folder);
        if (incarnation != _own)
            DemandIsNew();
        if (_files.TryWriteOwn(_folder.Head, RunHead.Write(given, incarnation), _strayHead) is null)
        {
            _entry.TryDelete(); // another has begun the run, and perhaps finished it
            throw FlowErrors.RunTakenOver(_folder);
        }

        Incarnation = new(_folder, incarnation);
    }

    // While the entry is there, nobody else begins a run of this id.
    private void DemandIsNew()
    {
        try
        {
            LostHead.Demand(_files, _folder);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.RunDamaged)
        {
            _entry.TryDelete();
            throw;
        }
    }

    // Before the run has anything to lose: who has seen the entry while it had its mark, and thought that the run was not there, cannot write it any more.
    private void Confirm(FlowState given)
    {
        if (_entry.Run!.Mark == EntryMark.Reopening && !IsHeadThere())
        {
            _entry.TryDelete();
            throw FlowErrors.RunTakenOver(_folder);
        }

        WriteEntry(given, EntryMark.None);
    }

    private void WriteEntry(FlowState run, EntryMark mark)
    {
        if (!_entry.TryWrite(SummaryOf(run, Incarnation.Incarnation, mark, Stored?.Last ?? 0)))
            throw FlowErrors.RunTakenOver(_folder);
    }

    // As the step should have done that died.
    private void PutStoredSummary(FlowState run) => PutSummary(run, Stored!.Last, Stored.Journal.FindLastOpening());

    // Where the entry has changed, another step has taken the run over after this one's record was closed, which is well; or the run was removed.
    private void PutSummary(FlowState run, int record, RecordMark opening)
    {
        var summary = SummaryOf(run, Incarnation.Incarnation, EntryMark.None, record, opening);
        var isDone = summary.IsFinished && !IsToBeTold(run);
        if (isDone)
            DoneEntry.Put(_files, Incarnation.Done, summary);
        var isPut = isDone ? _entry.TryDelete() : _entry.TryWrite(summary) || TryReopen(run, summary);
        if (isPut)
            return;
        if (LivingRun.Find(_files, _folder) is not { } living)
            throw FlowErrors.RunRemoved(_folder); // or is being removed, by a call that took effect late
        if (living.Folder.Incarnation != Incarnation.Incarnation)
            throw FlowErrors.RunTakenOver(_folder);
    }

    // A step that was taken over may tell late that the run has ended, and take away the entry by which one that goes on is found.
    private bool TryReopen(FlowState run, FlowRun summary)
    {
        _entry = OpenEntry.Read(_files, _folder);
        if (_entry.Run is not null || !_lease.IsHeld(isDoubted: true) || !IsHeadThere())
            return false;
        WriteEntry(run, EntryMark.Reopening);
        Confirm(run);
        return _entry.TryWrite(summary);
    }

    private bool IsHeadThere() => RunHead.IsOf(_files, Incarnation);

    private FlowRun SummaryOf(FlowState run, string incarnation, EntryMark mark, int record = 0, RecordMark opening = default) =>
        FlowRun.Of(_files.Store, run, incarnation, run.Flow.Services.Clock.GetUtcNow(), mark, record, opening);
}
