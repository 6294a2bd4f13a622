using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>
/// Keeps a run's journal quick to read: merges records into segments, and segments into larger ones, and writes checkpoints. What it writes counts once a
/// record references it (<see cref="Base"/>); only then is what it replaces deleted.
/// </summary>
internal sealed class JournalMerger
{
    // Segments of one level before they are merged: four, so that each record is rewritten once per level. Segments before the checkpoint hold only
    // history; there two are merged, as fewer are better.
    private const int MaxOfLevel = 4;

    // Maximum number of segments after the checkpoint, whatever their size.
    private const int MaxToRead = 12;

    private readonly RunFiles _files;
    private readonly IncarnationFolder _folder;
    private readonly string _holder;
    private readonly JournalOptions _options;
    private readonly JournalChain? _chain;
    private readonly JournalReader _reader;
    private readonly LogMerger _log;
    private readonly List<byte[]> _own = []; // records of this step, which most steps never read
    private readonly List<string> _replaced = [];
    private SegmentOutline? _newest;
    private byte[]? _packed; // the newest segment, if written by this step: its records may be many
    private int _inTail; // number of unmerged records
    private long _ahead; // bytes of records after the checkpoint
    private long _lines; // bytes of log lines in records
    private bool _hasFolded;
    private bool _isStuck; // the newest segment, which references the others, cannot be read
    private int _faults;

    /// <summary>Begins with the journal as read by a step.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="holder">The holder.</param>
    /// <param name="options">When to merge.</param>
    /// <param name="chain">The journal; null if none yet.</param>
    public JournalMerger(RunFiles files, IncarnationFolder folder, string holder, JournalOptions options, JournalChain? chain)
    {
        _files = files;
        _folder = folder;
        _holder = holder;
        _options = options;
        _chain = chain;
        _reader = new(files, folder);
        _log = new(files, folder, options.Log);
        Base = chain?.Base ?? JournalBase.None;
        _inTail = chain is null ? 0 : chain.Last - Base.Merged;
        _ahead = chain is null ? 0 : chain.SegmentsAfter(Base.Included).Sum(segment => (long)segment.Bytes) + chain.Ahead.Sum(record => record.StateBytes);
        _lines = chain is null ? 0 : chain.Ahead.Where(record => record.Number > Base.Logged).Sum(record => record.HasLog ? record.LogBytes : 0);
    }

    /// <summary>Where the records before the next one are.</summary>
    public JournalBase Base { get; private set; }

    /// <summary>True if the next record must reference what was merged.</summary>
    public bool NeedsReference { get; private set; }

    /// <summary>True if the records after the checkpoint outweigh it, so that a new one pays off.</summary>
    public bool IsCheckpointDue => Base.Checkpoint is not { } checkpoint || _ahead >= checkpoint.Bytes;

    /// <summary>Adds a record that was written.</summary>
    /// <param name="content">The record.</param>
    /// <param name="lines">Bytes of log lines in it.</param>
    public void Add(byte[] content, int lines)
    {
        _own.Add(content);
        _inTail++;
        _ahead += content.Length - lines;
        _lines += lines;
    }

    /// <summary>Moves log lines from records to a segment if the records are about to be merged or hold too many, together with those of the closing record.</summary>
    /// <param name="record">Number of the next record, if it closes the step and will reference the segment; else null.</param>
    /// <param name="step">The number of the step.</param>
    /// <param name="lines">The lines not yet in a record, as an array.</param>
    /// <returns>True if the lines were moved.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.StoreConflict"/>.</exception>
    public bool FoldLog(int? record, int step, byte[] lines)
    {
        var hasMore = lines.Length > JsonArrays.Empty.Length;
        var isLong = record is not null && ((_hasFolded && _lines + lines.Length > JsonArrays.Empty.Length) || _lines + lines.Length > _options.MaxLogInTail);
        if (!IsDue && !isLong)
            return false;
        List<JournalRecord> records = [.. TailAfter(Base.Logged).Where(each => each.HasLog)];
        if (hasMore && record is { } closing)
            records.Add(JournalRecord.OfLog(closing, step, lines));
        if (records.Count == 0)
            return false;
        Base = Base with { Log = Written(() => _log.Fold(Base.Log, records, NameOf, closes: record is not null, _replaced)) };
        _lines = 0;
        _hasFolded = NeedsReference = true;
        return true;
    }

    /// <summary>Merges the unmerged records if there are too many.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.StoreConflict"/>.</exception>
    public void MergeIfDue()
    {
        if (!IsDue || !TryFindNewest())
            return;
        JournalRecord[] tail = [.. TailAfter(Base.Merged).Select(record => record.WithoutLog())];
        var (openings, dropped) = Openings(tail);
        var segment = Merged([.. _newest?.All ?? []], tail, openings);
        var packed = segment.Write();
        Written(() => _files.WriteOwn(_folder.Segment(segment.Mark.Name), packed, WriteCondition.IfAbsent));
        _replaced.AddRange((_newest?.All ?? []).Except(segment.Older).Select(replaced => _folder.Segment(replaced.Name)));
        _replaced.AddRange(tail.Select(record => record.Number).Concat(dropped).Except(openings).Distinct().Select(_folder.Record));
        Base = Base with { Merged = segment.Mark.Last, Segment = segment.Mark.Name };
        (_newest, _packed) = (segment.Alone(), packed);
        _own.Clear();
        _inTail = 0;
        NeedsReference = true;
    }

    /// <summary>Writes a checkpoint as of the next record, which is to reference it; skipped if the results are too large for one document.</summary>
    /// <param name="run">The run.</param>
    /// <param name="record">Number of the next record.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.StoreConflict"/>.</exception>
    public void WriteCheckpoint(FlowState run, int record)
    {
        if (TryWrite(run) is not { } document)
            return;
        var mark = new CheckpointReference(IncarnationFolder.NameOf(record, _holder), record, (int)document.Bytes);
        _files.WriteOwn(_folder.Checkpoint(mark.Name), document.Content, WriteCondition.IfAbsent);
        if (Base.Checkpoint is { } before)
            _replaced.Add(_folder.Checkpoint(before.Name));
        Base = Base with { Checkpoint = mark };
        NeedsReference = true;
        _ahead = 0;
    }

    // Records before the checkpoint matter only for the history: damage there does not stop a step, and is reported to readers of the history.
    private bool TryFindNewest()
    {
        if (_newest is null && Base.Segment is not null && !TryRead(Base.Merged, () => _newest = _chain!.Outline))
            _isStuck = true;
        return !_isStuck;
    }

    private bool TryRead(int last, Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception e) when (last <= Base.Included && e is ObjectGoneException or FlowException { Id: FlowErrorId.RunDamaged })
        {
            return false;
        }
    }

    private bool IsDue => !_isStuck && (_inTail >= _options.MaxTail || _own.Sum(content => (long)content.Length) >= Segment.MaxBytes);

    private IEnumerable<JournalRecord> TailAfter(int number) =>
        [.. _inTail > _own.Count ? _chain!.TailAfter(number) : [], .. _own.Select(content => JournalRecord.Read(content)).Where(record => record.Number > number)];

    // A write after a fault may differ from one that may still take effect: use another name.
    private string NameOf(int record) => IncarnationFolder.NameOf(record, _holder) + (_faults == 0 ? string.Empty : $".{_faults}");

    private T Written<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (FlowException)
        {
            _faults++;
            throw;
        }
    }

    private static PackedJson? TryWrite(FlowState run)
    {
        try
        {
            return FlowStateWriter.WritePacked(run, json => KnownRequestsText.Write(json, run.Identity.Control));
        }
        catch (FlowException e) when (e.Id == FlowErrorId.ResultInvalid)
        {
            return null; // the records hold the results one by one
        }
    }

    /// <summary>Deletes what was replaced, now that a record says so.</summary>
    public void DeleteReplaced()
    {
        NeedsReference = false;
        _files.TryDelete(_replaced);
        _replaced.Clear();
    }

    // The newest opening records, and those that are no longer kept.
    private (IReadOnlyList<int> Kept, IReadOnlyList<int> Dropped) Openings(JournalRecord[] tail)
    {
        int[] all = [.. _newest?.Openings ?? [], .. tail.Where(record => record.Opens).Select(record => record.Number)];
        var dropped = Math.Max(0, all.Length - _options.KeptOpenings);
        return ([.. all.Skip(dropped)], [.. all.Take(dropped)]);
    }

    private Segment Merged(List<SegmentReference> older, JournalRecord[] tail, IReadOnlyList<int> openings)
    {
        var level = 0;
        List<JournalRecord> records = [.. tail];
        var isIncluded = tail[^1].Number <= Base.Included;
        while (ToMerge(older, isIncluded, level, records.Sum(record => (long)record.Content.Length)) is > 0 and var count)
        {
            var merged = older.GetRange(older.Count - count, count);
            List<JournalRecord> before = [];
            if (!TryRead(merged[^1].Last, () => before.AddRange(merged.SelectMany(RecordsOf))))
                break;
            older.RemoveRange(older.Count - count, count);
            records.InsertRange(0, before);
            level = Math.Max(level, merged.Max(segment => segment.Level)) + 1;
        }

        records = [.. records.Select(record => record.HasEntries && record.Number <= Base.Included ? record.WithoutEntries() : record)];
        var last = records[^1].Number;
        return new(new(NameOf(last), last, level, records.Sum(record => record.Content.Length)), openings, older, records);
    }

    // How many of the last segments to merge at a level: those no larger, if there are enough, on the same side of the checkpoint.
    private int ToMerge(List<SegmentReference> older, bool isIncluded, int level, long bytes)
    {
        var side = older.Count - (isIncluded ? 0 : older.Count(segment => segment.Last <= Base.Included));
        var count = 0;
        while (count < side && Next() is var next && bytes + next.Bytes <= Segment.MaxBytes && (next.Level <= level || (count == 0 && !isIncluded && side > MaxToRead)))
        {
            bytes += next.Bytes;
            count++;
        }

        return count >= (isIncluded ? 1 : MaxOfLevel - 1) || (!isIncluded && side > MaxToRead) ? count : 0;

        SegmentReference Next() => older[older.Count - 1 - count];
    }

    private IReadOnlyList<JournalRecord> RecordsOf(SegmentReference mark) => mark.Name != _newest?.Mark.Name ? _reader.Segment(mark.Name).Records
        : _packed is { } packed ? Segment.Read(packed).Records
        : _chain!.Newest!.Records;
}
