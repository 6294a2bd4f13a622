using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>
/// The records that one step adds to a run's chain. They are numbered through the whole run, and each is written only where no other has its
/// number: whoever takes a run over writes the next one, and by that the step before can write no more.
/// </summary>
internal sealed partial class Journal : IDisposable
{
    private const int NameLength = 32;
    private const int MaxPendingBytes = 1 << 20;
    private const int MaxRecordBytes = 64 << 20; // with what a pass settles at once, a record stays an array that can be made
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
    private readonly object _writing = new(); // taken before the other one, for as long as a write takes
    private readonly object _adding = new();
    private readonly JsonList _entries = new();
    private readonly JsonList _cancelled = new();
    private readonly JsonList _transitions = new();
    private bool _isWriting;
    private (byte[] Content, int Lines)? _unconfirmed; // a record of which it is not known whether it stands
    private volatile FlowException? _failure;
    private bool _hasCancelled;
    private bool _isBetweenSteps;
    private bool _isClosed;
    private bool _isDisposed;

    /// <summary>Begins the records of a step; nothing is written yet.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run's place in it.</param>
    /// <param name="given">The run that the step is given.</param>
    /// <param name="budget">What ends the step.</param>
    /// <param name="stored">The run as it was read from the record; null where it is not on record yet.</param>
    /// <param name="lease">The step's hold on the run.</param>
    /// <param name="durability">When records are written.</param>
    /// <param name="stop">Called when they can be written no more, so that the step does not go on for nothing.</param>
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

    /// <summary>What tells the run from every other one.</summary>
    public string Incarnation { get; }

    /// <summary>Where the step writes the results of tasks.</summary>
    public string Results { get; }

    /// <summary>Whether the step could not begin because its first record's number was taken.</summary>
    public bool IsOpeningTaken { get; private set; }

    /// <summary>The number of the step, which is the next unless it turns out that there is nothing to do.</summary>
    public int Step { get; private set; }

    /// <summary>The number of the last record there is.</summary>
    public int Last { get; private set; }

    /// <summary>The number of the first record of this step; null where there is none yet.</summary>
    public int? Opening { get; private set; }

    /// <summary>The same, with who wrote it.</summary>
    public RecordMark OpeningMark => new(Opening ?? 0, _lease.Holder);

    /// <summary>Whether what a budget had cancelled before is to run again in this step.</summary>
    public bool Resets { get; init; }

    /// <summary>Whether what a budget has cancelled at the end of this step is to run again.</summary>
    public bool ResetsAfter { get; init; }

    /// <summary>What keeps the step from writing more; null for nothing.</summary>
    public FlowException? Failure => _failure;

    /// <summary>Takes down the state of a task.</summary>
    /// <param name="write">Writes it.</param>
    /// <param name="isCancelled">Whether it is one that a budget leaves behind.</param>
    /// <param name="endsStart">Whether it is of the task whose body runs alone: that has ended.</param>
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
                _failure ??= e; // a result that no record can hold: what stands in the buffer is a part of it
                throw;
            }

            if (Durability == FlowDurability.Batch && Opening is not null && _entries.Count == 1)
                _timer.Change(BatchTime, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Takes down a state that the step's budget has left a task in, which is no progress: it is written when the step ends.</summary>
    /// <param name="write">Writes it.</param>
    public void AddCancelled(Action<Utf8JsonWriter> write)
    {
        lock (_adding)
            write(_cancelled.Next());
    }

    /// <summary>Takes down that a task's state has changed.</summary>
    /// <param name="slug">The task, with the flow it is in where that is another task's body.</param>
    /// <param name="from">What its state was.</param>
    /// <param name="to">What its state has become.</param>
    /// <param name="at">When it was; now unless given.</param>
    public void AddTransition(string slug, StateType from, State to, DateTimeOffset? at = null)
    {
        lock (_adding)
            TransitionWriter.Write(_transitions.Next(), (at ?? _clock.GetUtcNow()) - _run.Started, slug, from, to);
    }

    /// <summary>Takes down that something was asked of the run from outside.</summary>
    public void AddRequest(AppliedRequest request)
    {
        lock (_adding)
            RequestMark.Write(_transitions.Next(), request, _clock.GetUtcNow() - _run.Started);
    }

    /// <summary>Keeps what has been taken down, as well as this step is to.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreConflict"/>: someone else has taken the run over. <see cref="FlowErrorId.StoreFailed"/>.
    /// </exception>
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

    /// <summary>Writes all that is left, and that the step has ended.</summary>
    /// <param name="after">The run as the step leaves it.</param>
    /// <param name="isDifferent">Whether it is of another definition, or has other parameters, than what is on record.</param>
    /// <exception cref="FlowException">As of <see cref="Commit"/>.</exception>
    public void Close(FlowState after, bool isDifferent)
    {
        Step = after.Step;
        Write(after, isDifferent);
        _isClosed = true;
    }

    /// <summary>Whether something that was taken down is not on record yet, or never will be.</summary>
    public bool HasUnwritten
    {
        get
        {
            lock (_adding)
                return _failure is not null || _entries.Count > 0 || _unconfirmed is not null;
        }
    }

    /// <summary>Writes what has been taken down, where the step has begun.</summary>
    /// <exception cref="FlowException">As of <see cref="Commit"/>.</exception>
    public void Save()
    {
        if (Opening is not null && (_entries.Count > 0 || _unconfirmed is not null))
            Write();
    }

    /// <summary>Writes what was applied to a run between two steps, as a record that is of none: the last step stays open where its process died.</summary>
    /// <exception cref="FlowException">As of <see cref="Commit"/>.</exception>
    public void WriteBetweenSteps()
    {
        Step = _run.Step;
        _isBetweenSteps = true;
        Write();
    }

    /// <summary>Ends it with an error that comes from elsewhere.</summary>
    public void Fail(FlowException failure)
    {
        _failure ??= failure;
        _stop();
    }

    /// <summary>Ends it: another step has the run now.</summary>
    public void FailAsTakenOver() => Fail(FlowErrors.RunTakenOver(_folder.Run));

    /// <exception cref="FlowException">It can write no more.</exception>
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

    /// <summary>Whether a lease says who holds it as ours do.</summary>
    public static bool IsHolder(string holder) => holder.Length >= NameLength && NameOf(holder).All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    /// <summary>What a holder of the lease is called in paths: its id is made of two, that of the engine and the step's own.</summary>
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

    // With the run after the step, the record closes it. A store that fails ends no step for its log alone: what it did not take is written again, as it is, before
    // anything else.
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
                throw _failure = WhyGone(gone);
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

    // A step that was taken over, and did not know it yet, may have merged the same records: then its record is there.
    private FlowException WhyGone(ObjectGoneException gone)
    {
        if (new JournalReader(_files, _folder).Numbers().Any(number => number > Last))
            IsOpeningTaken = Opening is null;
        else if (_lease.IsHeld(isDoubted: true) && RunHead.IsOf(_files, _folder))
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

        // Who slept over more steps than there are opening records finds the number free.
        if (!_lease.IsHeld(isDoubted: false))
            throw FlowErrors.RunTakenOver(_folder.Run);
        Opening ??= number;
        Last = number;
        _unconfirmed = null;
        _merger.Add(record.Content, record.Lines);
        if (_merger.IsToBeNamed)
            _merger.TidyUp();
    }

    // False where the number is taken, or was before the record was read on.
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

    // A step that gave its lease back may have ended since the run was read: its records were merged, and then deleted. A number among them is free again,
    // but a record there says nothing. Nor does one of a run that was removed.
    private bool IsOutdated(int number)
    {
        var reader = new JournalReader(_files, _folder);
        int[] others = [.. reader.Numbers().Where(other => other != number)];
        return others.Any(other => other > number) ? reader.Read(journal => journal.Base) is not { } later || later.Merged >= number
            : others.Length == 0 && _stored is not null && !RunHead.IsOf(_files, _folder);
    }

    private (byte[] Content, int Lines) MakeRecord(int number, bool closes, byte[] lines)
    {
        if (Opening is null && !closes && !_isBetweenSteps)
            Step = _run.Step + 1;
        byte[] entries, transitions;
        lock (_adding)
            (entries, transitions, _hasStart) = (_entries.Take(), _transitions.Take(), false);
        var history = WithAnnotations(transitions, closes);
        var hasLines = lines.Length > JsonArrays.Empty.Length;
        var content = JsonStyle.ToBytes(json =>
        {
            json.WriteStartObject();
            json.WriteNumber(RecordKeys.Record, number);
            json.WriteString(RecordKeys.Holder, _lease.Holder);
            json.WriteNumber(DocumentKeys.Step, Step);
            if (Opening is null || closes || _merger.IsToBeNamed)
                _merger.Base.Write(json);
            if (Opening is null)
                WriteOpening(json);
            if (closes)
                json.WriteBoolean(RecordKeys.Closes, true);
            if (_isInterrupted)
                json.WriteBoolean(RecordKeys.Interrupted, true);
            if (closes && ResetsAfter && _hasCancelled)
                json.WriteBoolean(RecordKeys.ResetsAfter, true);
            json.WritePropertyName(RecordKeys.History);
            json.WriteRawValue(history, skipInputValidation: true);
            json.WritePropertyName(DocumentKeys.Tasks);
            json.WriteRawValue(entries, skipInputValidation: true);
            if (closes && _cancelled.Count > 0 && _merger.Base.Included < number)
            {
                json.WritePropertyName(RecordKeys.Cancelled);
                json.WriteRawValue(_cancelled.Take(), skipInputValidation: true);
            }

            if (hasLines)
            {
                json.WritePropertyName(RecordKeys.Log);
                json.WriteRawValue(lines, skipInputValidation: true);
            }

            json.WriteEndObject();
        });
        return (content, hasLines ? lines.Length : 0);
    }

    // Changes by hand with no step behind them have neither beginning nor end.
    private byte[] WithAnnotations(byte[] transitions, bool closes)
    {
        if (Step == _run.Step || (Opening is not null && !closes))
            return transitions;
        var begin = Opening is null ? StepMarks.Begin(_began - _run.Started, _budget.EndAfter(_began) - _began, _budget) : JsonArrays.Empty;
        var end = closes ? StepMarks.End(_clock.GetUtcNow() - _run.Started) : JsonArrays.Empty;
        return JsonArrays.Join([begin, transitions, end]);
    }

    // What is asked of the run before there is a state document needs the names of its tasks.
    private void WriteOpening(Utf8JsonWriter json)
    {
        if (Resets)
            json.WriteBoolean(RecordKeys.Resets, true);
        json.WriteStartObject(RecordKeys.Opens);
        if (Last == 0)
        {
            json.WriteStartArray(DocumentKeys.Tasks);
            foreach (var task in _plan.Tasks)
            {
                json.WriteStartObject();
                StateWriter.WriteTask(json, task);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
