namespace PrefectPS.Runs;

/// <summary>
/// Moves log lines from records to segments of their own, which no step has to read. A segment counts once a record references it; only then is what it
/// replaces deleted.
/// </summary>
/// <param name="files">The store.</param>
/// <param name="folder">The run's folder.</param>
/// <param name="bounds">Size limits per step.</param>
internal sealed class LogMerger(RunFiles files, IncarnationFolder folder, LogBounds bounds)
{
    // Segments of one level before they are merged.
    private const int MaxOfLevel = 4;

    // An unreadable segment is never merged; readers of the log report it.
    private const int UnreadLevel = int.MaxValue;

    private readonly JournalReader _reader = new(files, folder);
    private Segment? _newest;
    private List<Segment> _own = []; // the last segments, written by this step or a crashed one before it

    /// <summary>Writes lines to a segment.</summary>
    /// <param name="before">The newest segment so far; null if none.</param>
    /// <param name="records">The records with the lines, in order; at least one.</param>
    /// <param name="name">Creates the name of the segment.</param>
    /// <param name="closes">Whether the step adds no more lines, so that its segment can be merged with older ones.</param>
    /// <param name="replaced">Receives the paths of what is replaced.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public LogReference Fold(LogReference? before, IReadOnlyList<JournalRecord> records, Func<int, string> name, bool closes, ICollection<string> replaced)
    {
        var all = AllUpTo(before);
        List<SegmentReference> older = [.. all];
        List<JournalRecord> folded = [.. records];
        var level = 0;

        // The limits apply per step: its segments are merged when it closes, and before that those no larger than the new lines.
        List<Segment> own = [.. _own.Count == 0 && _newest is { Mark.Level: 0 } && _newest.Records[^1].Step == records[0].Step ? [_newest] : _own];
        while (own.Count > 0 && (closes || own[^1].Mark.Bytes <= folded.Sum(record => (long)record.LogBytes)))
        {
            folded.InsertRange(0, own[^1].Records);
            folded = Bounded(folded);
            own.RemoveAt(own.Count - 1);
            older.RemoveAt(older.Count - 1);
        }

        folded = Bounded(folded);
        while (closes && MayMerge(older, level, folded.Sum(record => (long)record.Content.Length)) && TryRead(older) is { } merged)
        {
            older.RemoveRange(older.Count - merged.Count, merged.Count);
            folded.InsertRange(0, merged.SelectMany(segment => segment.Records));
            folded = Bounded(folded);
            level++;
        }

        var last = records[^1].Number;
        var segment = new Segment(new(name(last), last, level, folded.Sum(record => record.Content.Length)), [], older, folded);
        files.WriteOwn(folder.Log(segment.Mark.Name), segment.Write(), Storage.WriteCondition.IfAbsent);
        foreach (var mark in all.Except(older))
            replaced.Add(folder.Log(mark.Name));
        _newest = segment;
        _own = [.. own, segment];
        return new(segment.Mark.Name, last);
    }

    private IReadOnlyList<SegmentReference> AllUpTo(LogReference? newest)
    {
        if (newest is null)
            return [];
        if (_newest?.Mark.Name != newest.Name)
            _newest = TryRead(newest.Name);
        return _newest?.All ?? [new(newest.Name, newest.Record, UnreadLevel, 0)];
    }

    private static bool MayMerge(List<SegmentReference> older, int level, long bytes)
    {
        var last = older.Skip(Math.Max(0, older.Count - MaxOfLevel + 1)).ToArray();
        return last.Length == MaxOfLevel - 1 && Array.TrueForAll(last, mark => mark.Level <= level) && bytes + last.Sum(mark => (long)mark.Bytes) <= Segment.MaxBytes;
    }

    private List<Segment>? TryRead(List<SegmentReference> older)
    {
        var read = older.Skip(older.Count - MaxOfLevel + 1).Select(mark => TryRead(mark.Name)).OfType<Segment>().ToList();
        return read.Count == MaxOfLevel - 1 ? read : null;
    }

    // A damaged log does not damage the run.
    private Segment? TryRead(string name)
    {
        if (_newest?.Mark.Name == name)
            return _newest;
        try
        {
            return _reader.Log(name) is { Records.Count: > 0 } read ? read : null;
        }
        catch (ObjectGoneException)
        {
            return null;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.RunDamaged)
        {
            return null;
        }
    }

    private List<JournalRecord> Bounded(IEnumerable<JournalRecord> records) => [.. records.GroupBy(record => record.Step).SelectMany(Bounded)];

    private IEnumerable<JournalRecord> Bounded(IGrouping<int, JournalRecord> step)
    {
        if (step.Sum(record => (long)record.LogBytes) * 2 <= bounds.MaxTaskBytes) // a serialized line is longer than half of its counted size
            return step.Select(record => record.HasEntries ? JournalRecord.OfLog(record.Number, record.Step, record.Log) : record);
        LogLine[] lines;
        try
        {
            lines = [.. step.SelectMany(record => LogLine.Read(record.Number, record.Log))];
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            return step; // kept, so that readers of the log report it
        }

        return bounds.Apply(lines).GroupBy(line => line.Record).Select(kept => JournalRecord.OfLog(kept.Key, step.Key, LogLine.Write(kept)));
    }
}
