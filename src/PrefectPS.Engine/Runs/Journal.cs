using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>
/// Writes the records of one step. Records are numbered through the whole run, and each is written only if no other has its number: a step that takes the
/// run over writes the next one, and thereby fences off its predecessor.
/// </summary>
internal sealed partial class Journal : IDisposable
{
    private const int NameLength = 32;
    private const int MaxPendingBytes = 1 << 20;
    private const int MaxRecordBytes = 64 << 20; // with what a pass adds at once, a record still fits an array
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(250);

    private readonly RunFiles _files;
    private readonly IncarnationFolder _folder;
    private readonly TimeProvider _clock;
    private readonly RunIdentity _run;
    private readonly StepBudget _budget;
    private readonly DateTimeOffset _began;
    private readonly Lease _lease;
    private readonly FlowPlan _plan;
    private readonly JournalMerger _merger;
    private readonly StoredRun? _stored;
    private readonly Action _stop;
    private readonly ITimer _timer;
    private readonly object _writing = new(); // taken before the other lock, for the duration of a write
    private readonly object _adding = new();
    private readonly JsonList _entries = new();
    private readonly JsonList _cancelled = new();
    private readonly JsonList _transitions = new();
    private bool _isWriting;
    private (byte[] Content, int Lines)? _unconfirmed; // a record whose write has an unknown outcome
    private volatile FlowException? _failure;
    private bool _hasCancelled;
    private bool _isBetweenSteps;
    private bool _isClosed;
    private bool _isDisposed;

    /// <summary>Begins the records of a step; writes nothing yet.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="given">The run before the step.</param>
    /// <param name="budget">Limits of the step.</param>
    /// <param name="stored">The run as recorded; null if it is not recorded yet.</param>
    /// <param name="lease">The lease of the step.</param>
    /// <param name="durability">When records are written.</param>
    /// <param name="stop">Called when no more can be written, to stop the step.</param>
    public Journal(RunFiles files, IncarnationFolder folder, FlowState given, StepBudget budget, StoredRun? stored, Lease lease, FlowDurability durability, Action stop)
    {
        _files = files;
        _folder = folder;
        Durability = durability;
        _clock = given.Flow.Services.Clock;
        _plan = given.Flow.Plan;
        _run = given.Identity;
        _budget = budget;
        _began = _clock.GetUtcNow();
        _lease = lease;
        var name = NameOf(lease.Holder);
        Incarnation = folder.Incarnation;
        Results = folder.ResultsOf(name);
        var options = given.Flow.Services.Journal;
        _merger = new(files, folder, name, options, stored?.Journal);
        _lines = new(options.Log);
        _logInterval = options.LogInterval;
        _stop = stop;
        _stored = stored;
        Last = stored?.Last ?? 0;
        _timer = _clock.CreateTimer(_ => WriteInTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When records are written.</summary>
    public FlowDurability Durability { get; }

    /// <summary>The run's incarnation.</summary>
    public string Incarnation { get; }

    /// <summary>Path prefix of the step's results.</summary>
    public string Results { get; }

    /// <summary>True if the step could not begin because the number of its first record was taken.</summary>
    public bool IsOpeningTaken { get; private set; }

    /// <summary>Number of the step: the next one, unless there turns out to be nothing to do.</summary>
    public int Step { get; private set; }

    /// <summary>Number of the last record.</summary>
    public int Last { get; private set; }

    /// <summary>Number of the first record of this step; null if none yet.</summary>
    public int? Opening { get; private set; }

    /// <summary>Reference to the first record of this step.</summary>
    public RecordReference OpeningReference => new(Opening ?? 0, _lease.Holder);

    /// <summary>True if tasks cancelled by an earlier budget are reset in this step.</summary>
    public bool Resets { get; init; }

    /// <summary>True if tasks cancelled at the end of this step are reset.</summary>
    public bool ResetsAfter { get; init; }

    /// <summary>Why no more can be written; null if it can.</summary>
    public FlowException? Failure => _failure;

    /// <summary>Adds the state of a task.</summary>
    /// <param name="write">Writes the state.</param>
    /// <param name="isCancelled">Whether the task was cancelled by a budget.</param>
    /// <param name="endsStart">Whether it is the end of the task whose body runs alone.</param>
    public void AddEntry(Action<Utf8JsonWriter> write, bool isCancelled = false, bool endsStart = false)
    {
        lock (_adding)
        {
            _hasCancelled |= isCancelled;
            if (endsStart)
                _takenBack = null;
            try
            {
                write(_entries.Next());
            }
            catch (FlowException e)
            {
                _failure ??= e; // the result cannot be serialized: the buffer holds a part of it
                throw;
            }

            if (Durability == FlowDurability.Batch && Opening is not null && _entries.Count == 1)
                _timer.Change(BatchTime, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Adds a state in which the budget left a task. It is not progress, and written only when the step ends.</summary>
    /// <param name="write">Writes the state.</param>
    public void AddCancelled(Action<Utf8JsonWriter> write)
    {
        lock (_adding)
            write(_cancelled.Next());
    }

    /// <summary>Adds a state change.</summary>
    /// <param name="slug">Path of the task.</param>
    /// <param name="from">The old state.</param>
    /// <param name="to">The new state.</param>
    /// <param name="at">Time of the change; null for now.</param>
    public void AddTransition(string slug, StateType from, State to, DateTimeOffset? at = null)
    {
        lock (_adding)
            TransitionWriter.Write(_transitions.Next(), (at ?? _clock.GetUtcNow()) - _run.Started, slug, from, to);
    }

    /// <summary>Adds a control request.</summary>
    public void AddRequest(AppliedRequest request)
    {
        lock (_adding)
            RequestHistoryWriter.Write(_transitions.Next(), request, _clock.GetUtcNow() - _run.Started);
    }

    /// <summary>Writes pending entries as the step's durability requires.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another step has taken the run over. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public void Commit()
    {
        ThrowIfFailed();
        if (Opening is null
            || _hasStart
            || (Durability == FlowDurability.Task && _entries.Count > 0)
            || (Durability == FlowDurability.Batch && _entries.Length > MaxPendingBytes)
            || _entries.Length + _transitions.Length > MaxRecordBytes)
        {
            Write();
        }
    }

    /// <summary>Writes all pending entries, and closes the step.</summary>
    /// <param name="after">The run after the step.</param>
    /// <param name="isDifferent">Whether its definition or parameters differ from those recorded.</param>
    /// <exception cref="FlowException">As for <see cref="Commit"/>.</exception>
    public void Close(FlowState after, bool isDifferent)
    {
        Step = after.Step;
        Write(after, isDifferent);
        _isClosed = true;
    }

    /// <summary>True if pending entries are not written yet, or never will be.</summary>
    public bool HasUnwritten
    {
        get
        {
            lock (_adding)
                return _failure is not null || _entries.Count > 0 || _unconfirmed is not null;
        }
    }

    /// <summary>Writes pending entries if the step has begun.</summary>
    /// <exception cref="FlowException">As for <see cref="Commit"/>.</exception>
    public void Save()
    {
        if (Opening is not null && (_entries.Count > 0 || _unconfirmed is not null))
            Write();
    }

    /// <summary>Writes requests applied between two steps, as a record that belongs to none: a crashed last step stays open.</summary>
    /// <exception cref="FlowException">As for <see cref="Commit"/>.</exception>
    public void WriteBetweenSteps()
    {
        Step = _run.Step;
        _isBetweenSteps = true;
        Write();
    }

    /// <summary>Fails the journal with an external error.</summary>
    public void Fail(FlowException failure)
    {
        _failure ??= failure;
        _stop();
    }

    /// <summary>Fails the journal because another step has taken the run over.</summary>
    public void FailAsTakenOver() => Fail(FlowErrors.RunTakenOver(_folder.Run));

    /// <exception cref="FlowException">No more can be written.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw failure;
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_writing)
        {
            lock (_adding)
            {
                _isDisposed = true;
                _logTimer?.Dispose();
            }

            _entries.Dispose();
            _cancelled.Dispose();
            _transitions.Dispose();
        }
    }

    /// <summary>True if the holder was written by this software.</summary>
    public static bool IsHolder(string holder) => holder.Length >= NameLength && NameOf(holder).All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    /// <summary>Name of a holder in paths: the second half of its id, which is the step's own.</summary>
    public static string NameOf(string holder) => holder.Substring(holder.Length - NameLength);

    private void WriteInTime()
    {
        lock (_writing)
        {
            if (_isDisposed || _failure is not null || _entries.Count == 0)
                return;
            try
            {
                Write();
            }
            catch (FlowException e)
            {
                Fail(e);
            }
        }
    }

    // Given the run after the step, the record closes the step. A store that fails for the log alone ends no step: the same record is written again
    // before anything else.
    private void Write(FlowState? after = null, bool isDifferent = false, bool isPatient = false)
    {
        lock (_writing)
        {
            ThrowIfFailed();
            _isWriting = true;
            try
            {
                if (_unconfirmed is { } record)
                {
                    Put(Last + 1, record);
                    if (after is null && !HasPending && !_isInterrupted)
                        return;
                }

                var number = Last + 1;
                if (after is not null && (isDifferent || _merger.IsCheckpointDue))
                    _merger.WriteCheckpoint(after, number);
                var lines = JsonArrays.Empty;
                if (after is not null)
                    lines = TakeLines();
                if (Opening is not null || after is not null || _isBetweenSteps)
                {
                    if (_merger.FoldLog(after is null ? null : number, Step, lines))
                        lines = JsonArrays.Empty;
                    _merger.MergeIfDue();
                }

                Put(number, MakeRecord(number, after is not null, after is null ? TakeLines() : lines));
            }
            catch (ObjectGoneException gone)
            {
                throw _failure = ExplainMissing(gone);
            }
            catch (FlowException e)
            {
                if (!isPatient || e.Id != FlowErrorId.StoreFailed)
                    _failure ??= e;
                throw;
            }
            finally
            {
                _isWriting = false;
            }
        }
    }

    // A step that was taken over without knowing it may have merged the same records: then its successor's record exists.
    private FlowException ExplainMissing(ObjectGoneException gone)
    {
        if (new JournalReader(_files, _folder).Numbers().Any(number => number > Last))
            IsOpeningTaken = Opening is null;
        else if (_lease.IsHeld(mustRenew: true) && RunHead.IsOf(_files, _folder))
            return FlowErrors.RunDamaged(_files.Store.Name, _folder.Run, gone.Path);
        return FlowErrors.RunTakenOver(_folder.Run);
    }

    private bool HasPending
    {
        get
        {
            lock (_adding)
                return _entries.Count > 0 || !_lines.IsEmpty;
        }
    }

    private void Put(int number, (byte[] Content, int Lines) record)
    {
        _unconfirmed = record;
        if (!TryWrite(number, record.Content))
        {
            IsOpeningTaken = Opening is null;
            throw FlowErrors.RunTakenOver(_folder.Run);
        }

        // A step that was suspended for more steps than there are opening records finds its number free.
        if (!_lease.IsHeld(mustRenew: false))
            throw FlowErrors.RunTakenOver(_folder.Run);
        Opening ??= number;
        Last = number;
        _unconfirmed = null;
        _merger.Add(record.Content, record.Lines);
        if (_merger.NeedsReference)
            _merger.DeleteReplaced();
    }

    // False if the number is taken, or was taken before the record was read.
    private bool TryWrite(int number, byte[] record)
    {
        var path = _folder.Record(number);
        if (_files.TryWriteOwn(path, record, seen: null) is null)
            return false;
        if (Opening is not null || !IsOutdated(number))
            return true;
        _files.TryDelete([path]);
        return false;
    }

    // A step that released its lease may have ended since the run was read: its records were merged and deleted. Their numbers are free again, but a
    // record there means nothing, nor does one of a removed run.
    private bool IsOutdated(int number)
    {
        var reader = new JournalReader(_files, _folder);
        int[] others = [.. reader.Numbers().Where(other => other != number)];
        return others.Any(other => other > number) ? reader.Read(journal => journal.Base) is not { } later || later.Merged >= number
            : others.Length == 0 && _stored is not null && !RunHead.IsOf(_files, _folder);
    }
}
