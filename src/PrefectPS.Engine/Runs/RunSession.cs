using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>A run that this process works on: it holds the lease, has read the record, and takes one step.</summary>
internal sealed class RunSession : IDisposable
{
    // How many records a step removes where each request costs.
    private const int MaxRemovals = 4;

    private readonly RunFiles _files;
    private readonly RunFolder _folder;
    private readonly RunIndex _index;
    private readonly Lease _lease;
    private readonly CancellationTokenSource _stop;
    private Journal? _journal;

    private RunSession(RunFiles files, RunFolder folder, Flow flow)
    {
        _files = files;
        _folder = folder;
        _index = new(files);
        _stop = new();
        _lease = Lease.TryTake(files, folder.Lease, flow.Services, () => _journal?.Fail(FlowErrors.RunTakenOver(folder)))
            ?? throw FlowErrors.RunBusy(folder);
    }

    /// <summary>The run as it was on record; null where it was not.</summary>
    public StoredRun? Stored { get; private set; }

    /// <summary>Opens a run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another step is working on it. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static RunSession Open(RunFiles files, RunFolder folder, Flow flow)
    {
        var session = new RunSession(files, folder, flow);
        try
        {
            session.Stored = StoredRun.Read(files, folder, flow);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Takes a step, and puts what it came to on record.</summary>
    /// <exception cref="StepStoppedException">The step was stopped from outside; what had ended by then is on record.</exception>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: someone else has taken the run over. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public FlowState Take(FlowState given, StepRequest request, CancellationToken cancellationToken)
    {
        if (given.Step >= Limits.MaxSteps)
            throw FlowErrors.StepsUsedUp(given); // before anything is written of it
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        var durability = request.Durability ?? _files.UsualDurability;
        using var journal = new Journal(_files, _folder, given, request.Budget, Stored?.Last ?? 0, _lease.Holder, durability, _stop.Cancel);
        _journal = journal;
        var recorder = new JournalRecorder(journal);
        var isEdited = RecordEdits(given, recorder);
        if (Stored is null)
            _index.Put(_folder, SummaryOf(given));
        try
        {
            var after = StepRunner.Run(given, request, recorder, stop.Token);
            journal.ThrowIfFailed();
            if (isEdited || Stored is null or { IsAhead: true } || journal.Opening is not null || !ReferenceEquals(after, given))
                Close(after);
            else
                Settle(after);
            return after;
        }
        catch (OperationCanceledException) when (journal.Failure is not null && !cancellationToken.IsCancellationRequested)
        {
            throw journal.Failure;
        }
        catch
        {
            journal.TrySave();
            throw;
        }
        finally
        {
            _journal = null;
        }
    }

    /// <summary>Sees to it that the record of a run with which there is nothing to do is whole, whatever the last step could not do.</summary>
    public void Settle(FlowState run)
    {
        if (Stored is { IsAhead: true })
        {
            using var journal = new Journal(_files, _folder, run, StepBudget.Unlimited, Stored.Last, _lease.Holder, FlowDurability.Step, () => { });
            _journal = journal;
            Close(run);
            _journal = null;
        }
        else if (run.IsOver && _files.Read(_folder.Open) is not null)
        {
            _index.Put(_folder, SummaryOf(run));
        }
    }

    public void Dispose()
    {
        _lease.Dispose();
        _stop.Dispose();
    }

    // Edits between the step before and this one.
    private bool RecordEdits(FlowState given, JournalRecorder recorder)
    {
        var run = new RunStates(Stored?.Run ?? FlowState.New(given.Flow, given.Identity), recorder);
        for (var i = 0; i < given.States.Length; i++)
        {
            var (before, now) = (run.States[i], given.States[i]);
            var task = given.Flow.Plan.Tasks[i];
            if (ReferenceEquals(before, now) || IsSame(task, before, now, given))
                continue;
            if (before.Type != now.Type)
                run.Change(task, child: null, before, now);
            run.Settle(task, child: null, now);
        }

        return run.Changes > 0;
    }

    // One that was cancelled by a budget, and is to run again, is as it was.
    private static bool IsSame(FlowTask task, State before, State now, FlowState run) =>
        before == now
        || Entry(task, before, run).AsSpan().SequenceEqual(Entry(task, now, run))
        || (before.IsCancelledByBudget && now.Type == StateType.Pending
            && Entry(task, before.Reset(now.Message), run).AsSpan().SequenceEqual(Entry(task, now, run)));

    private static byte[] Entry(FlowTask task, State state, FlowState run) =>
        Results.JsonStyle.ToBytes(json => FlowStateWriter.WriteTask(json, task, state, run.Started, run.Flow.Services.Values));

    // The last record makes the step's end final. What follows makes it quick to read, and to find.
    private void Close(FlowState after)
    {
        _journal!.Close(after.Step);
        new RunHistory(_files, _folder).Put(Stored, _journal);
        int[] openings = [.. Stored?.Openings ?? [], _journal.Opening!.Value];
        int[] kept = [.. openings.Skip(openings.Length - JournalCheckpoint.KeptOpenings)];
        if (!TryWriteState(after, new(_journal.Last, kept, _lease.Holder)))
            return;
        _index.Put(_folder, SummaryOf(after));
        CleanUp(openings, kept);
    }

    // Records that the state includes. In batches they are for stores where each request costs: the few that a step removes there keep its
    // requests few, and the others go with the run.
    private void CleanUp(int[] openings, int[] kept)
    {
        var first = (Stored?.Checkpoint.Record ?? 0) + 1;
        var included = openings.Concat(Enumerable.Range(first, _journal!.Last - first + 1)).Distinct().Except(kept);
        _files.TryDelete(included.Take(_journal.Durability == FlowDurability.Batch ? MaxRemovals : int.MaxValue).Select(_folder.Record));
    }

    // False where someone has taken the run over meanwhile, and written a later one that includes this.
    private bool TryWriteState(FlowState after, JournalCheckpoint checkpoint)
    {
        var document = checkpoint.Write(after);
        var version = Stored?.Version;
        while (true)
        {
            try
            {
                _files.WriteOwn(_folder.State, document, version is null ? WriteCondition.IfAbsent : WriteCondition.IfVersion(version));
                return true;
            }
            catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict && _files.Read(_folder.State) is { } other)
            {
                if (JournalCheckpoint.Read(other.Content).Record >= checkpoint.Record)
                    return false;
                version = other.Version; // a step that this one has taken over from wrote it late
            }
        }
    }

    private FlowRun SummaryOf(FlowState run) => FlowRun.Of(_files.Store, run, run.Flow.Services.Clock.GetUtcNow());
}
