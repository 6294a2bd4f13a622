using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>A recorded run opened by this process: holds the lease, has read the record, and takes one step.</summary>
public sealed partial class RunSession : IDisposable
{
    private readonly RunFiles _files;
    private readonly RunFolder _folder;
    private readonly Flow _flow;
    private readonly string? _own;
    private readonly Lease _lease;
    private readonly CancellationTokenSource _stop;
    private OpenEntry _entry;
    private string? _strayHead; // version of a head that belongs to no run
    private bool _isIndexed;
    private IReadOnlyList<string> _notifies = []; // reasons to notify
    private Journal? _journal;

    private RunSession(RunFiles files, RunFolder folder, Flow flow, string? own, Lease? lease = null)
    {
        _files = files;
        _folder = folder;
        _flow = flow;
        _own = own;
        _stop = new();
        _lease = lease ?? LeaseWait.TryTake(files, folder, flow.Services, () => _journal?.FailAsTakenOver())
            ?? throw FlowErrors.RunBusy(folder);
        _entry = null!; // read next
    }

    /// <summary>The recorded run; null if there is none.</summary>
    internal StoredRun? Stored { get; private set; }

    /// <summary>True if the index says that the run is being created.</summary>
    internal bool IsBeginning => _entry.Run is { Mark: EntryMark.Beginning };

    /// <summary>Folder of the incarnation, once there is one.</summary>
    internal IncarnationFolder Incarnation { get; private set; } = null!;

    /// <summary>Opens a run.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="flow">Its flow.</param>
    /// <param name="own">The incarnation for which this process wrote an index entry; null if none.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another step works on the run. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    internal static RunSession Open(RunFiles files, RunFolder folder, Flow flow, string? own = null) => new RunSession(files, folder, flow, own).Begin();

    private RunSession Begin()
    {
        try
        {
            Read();
            ApplyRequests();
            SendDueNotices();
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Reads the recorded run again.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreFailed"/>, <see cref="FlowErrorId.RunDamaged"/> or <see cref="FlowErrorId.RecordVersion"/>.
    /// </exception>
    internal void Read()
    {
        RunHead? head;
        ExistingRun? run;
        do
        {
            head = RunHead.Find(_files, _folder, _flow.Services.Values);
            _entry = OpenEntry.Read(_files, _folder);
            run = head is null ? null : ExistingRun.Find(_files, _folder, head, _entry);
            Stored = run is null ? null : StoredRun.TryRead(_files, run, _flow);
        }
        while (run is not null && Stored is null); // removed meanwhile

        if (head is null && _entry.Run is { Mark: EntryMark.None } && _files.VersionOf(_folder.Head) is null && _entry.IsAsSeen())
            throw FlowErrors.RunDamaged(_files.Store.Name, _folder, _folder.Head);
        _strayHead = run is null ? head?.Version : null;
        _isIndexed = run is null or { IsIndexed: true };
        if (run is not null)
            Incarnation = run.Folder;
        _notifies = run?.Head.Notifies ?? [];
    }

    /// <summary>Completes an unfinished removal, if there is one.</summary>
    /// <returns>True if there was one.</returns>
    internal bool EndRemoval()
    {
        if (_entry.Run is not { Mark: EntryMark.Removing or EntryMark.Reopening })
            return false;
        if (_entry.Run.Mark == EntryMark.Reopening)
            LostHead.ThrowIfLost(_files, _folder);
        RunRemoval.Remove(_files, _folder, _entry, _lease, _flow);
        Read();
        return true;
    }

    /// <summary>Takes a step and records it.</summary>
    /// <returns>The run after the step; null if a late write of another process took the number of the first record: the run must be read again.</returns>
    /// <exception cref="StepStoppedException">The step was stopped from outside; what had ended by then is recorded.</exception>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another step has taken the run over. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    internal FlowState? TryTake(FlowState given, StepRequest request, CancellationToken cancellationToken)
    {
        NotifyCrash(given);
        if (TryTakeStep(given, request, cancellationToken) is not { } taken)
            return null;
        var after = SendNotices(taken);
        if (after.IsOver && _flow.Retention is { } retention)
            new RetentionSweep(_files, _flow, retention).Run(_folder.RunId, request.Notices.Warn);
        return after;
    }

    private FlowState? TryTakeStep(FlowState given, StepRequest request, CancellationToken cancellationToken)
    {
        if (!_lease.IsHeld(mustRenew: false))
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
        using var interruption = cancellationToken.Register(journal.TryInterrupt); // at once: the process may have no time left once a body ignores the stop
        using var control = new StepControl(_files, Incarnation, given, journal, _stop.Cancel);
        var recorder = new JournalRecorder(journal, _lease, _files.Store, recordsStarts: Stored is { HasCrashed: true } && request.Pool is not { Places: not null });
        var isEdited = !ReferenceEquals(given, Stored?.Run)
            && RecordEdits(start ?? FlowState.New(given.Flow, given.Identity), request.ResetCancelled ? given.ResetCancelled() : given, recorder);
        try
        {
            var after = StepRunner.Run(given, places is null ? request : request with { Places = places }, recorder, control, stop.Token);
            journal.ThrowIfFailed();
            if (isEdited || Stored is null or { IsAhead: true } || journal.Opening is not null || !ReferenceEquals(after, given))
                Close(after = WithDueNotice(Stored?.Run, after, recorder));
            else
                Settle(after);
            control.Tidy();
            return after;
        }
        catch (Exception) when (journal.IsOpeningTaken && _lease.IsHeld(mustRenew: true))
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

    // Creates or reopens the run and its index entry. False if a late write of another process interfered: the lease is still held.
    private bool TryEnter(FlowState given)
    {
        try
        {
            if (Stored is null)
                Begin(given);
            else if (!given.IsOver && _entry.Run is null or { Mark: EntryMark.Removing }) // mark of a removal that came too late
                WriteEntry(given, EntryMark.Reopening);
            if (_entry.Run is { Mark: EntryMark.Beginning or EntryMark.Reopening })
                Confirm(given);
            return true;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict && _lease.IsHeld(mustRenew: true))
        {
            return false;
        }
    }

    /// <summary>Completes the record of a run with nothing to do, in case the last step could not.</summary>
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

    // The journal for writes outside of a step.
    private Journal JournalOfNoStep(FlowState run) => new(_files, Incarnation, run, StepBudget.Unlimited, Stored, _lease, FlowDurability.Step, () => { });

    /// <inheritdoc/>
    public void Dispose()
    {
        _lease.Dispose();
        _stop.Dispose();
    }

    // Records edits made between the previous step and this one.
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
            if (before.Type != now.Type && !(before.IsCancelledByBudget && now.Type == StateType.Pending)) // a task reset after a budget has not changed
                run.Change(task, child: null, before, now);
            run.Settle(task, child: null, now);
        }

        return run.Changes > 0;
    }

    private static bool IsSame(FlowTask task, State before, State now, FlowState run) =>
        before == now || Entry(task, before, run).AsSpan().SequenceEqual(Entry(task, now, run));

    private static byte[] Entry(FlowTask task, State state, FlowState run) =>
        JsonStyle.ToBytes(json => FlowStateWriter.WriteTask(json, task, state, run.StartTime, run.Flow.Services.Values));

    // The closing record makes the step final; the summary only makes it quick to find.
    private void Close(FlowState after)
    {
        _journal!.Close(after, Stored is null || Stored.Warnings.Count > 0 || !HasSameParameters(Stored.Run.Identity, after.Identity));
        PutSummary(after, _journal.Last, _journal.OpeningReference);
        if (_lease.PreviousHolder is { } former)
            OrphanedResults.Delete(_files, Incarnation, former, after);
    }

    private bool HasSameParameters(RunIdentity one, RunIdentity other) =>
        ReferenceEquals(one.Parameters, other.Parameters) || Parameters(one).AsSpan().SequenceEqual(Parameters(other));

    private byte[] Parameters(RunIdentity run) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        FlowStateWriter.WriteParameters(json, run, _flow.Services.Values);
        json.WriteEndObject();
    });

    // The entry keeps others from creating a run with this id; the head makes it exist.
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
            EnsureIsNew();
        if (_files.TryWriteOwn(_folder.Head, RunHead.Write(given, incarnation), _strayHead) is null)
        {
            _entry.TryDelete(); // another process has created the run, and perhaps finished it
            throw FlowErrors.RunTakenOver(_folder);
        }

        Incarnation = new(_folder, incarnation);
    }

    // While the entry exists, nobody else creates a run with this id.
    private void EnsureIsNew()
    {
        try
        {
            LostHead.ThrowIfLost(_files, _folder);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.RunDamaged)
        {
            _entry.TryDelete();
            throw;
        }
    }

    // Before the run has anything to lose: whoever read the entry with its mark and concluded that the run does not exist can no longer write it.
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

    // As the crashed step should have done.
    private void PutStoredSummary(FlowState run) => PutSummary(run, Stored!.Last, Stored.Journal.FindLastOpening());

    // If the entry has changed, another step took the run over after this one was closed, which is fine; or the run was removed.
    private void PutSummary(FlowState run, int record, RecordReference opening)
    {
        var summary = SummaryOf(run, Incarnation.Incarnation, EntryMark.None, record, opening);
        var isDone = summary.IsFinished && !HasNotices(run);
        if (isDone)
            DoneEntry.Put(_files, Incarnation.Done, summary);
        var isPut = isDone ? _entry.TryDelete() : _entry.TryWrite(summary) || TryReopen(run, summary);
        if (isPut)
            return;
        if (ExistingRun.Find(_files, _folder) is not { } existing)
            throw FlowErrors.RunRemoved(_folder); // or is being removed by a late call
        if (existing.Folder.Incarnation != Incarnation.Incarnation)
            throw FlowErrors.RunTakenOver(_folder);
    }

    // A step that was taken over may late declare the run finished and delete the entry by which a continued run is found.
    private bool TryReopen(FlowState run, FlowRun summary)
    {
        _entry = OpenEntry.Read(_files, _folder);
        if (_entry.Run is not null || !_lease.IsHeld(mustRenew: true) || !IsHeadThere())
            return false;
        WriteEntry(run, EntryMark.Reopening);
        Confirm(run);
        return _entry.TryWrite(summary);
    }

    private bool IsHeadThere() => RunHead.IsOf(_files, Incarnation);

    private FlowRun SummaryOf(FlowState run, string incarnation, EntryMark mark, int record = 0, RecordReference opening = default) =>
        FlowRun.Of(_files.Store, run, incarnation, run.Flow.Services.Clock.GetUtcNow(), mark, record, opening);
}
