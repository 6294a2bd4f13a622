namespace PrefectPS.Runs;

/// <summary>The records of a run's journal as they were at one moment, each read when it is needed.</summary>
internal sealed class JournalChain
{
    private readonly JournalReader _reader;
    private readonly List<JournalRecord> _tail = [];
    private Segment? _newest;
    private SegmentOutline? _outline; // of the newest segment, where it was known before

    /// <summary>Reads the records that neither a segment nor the checkpoint has, and what they say of those before.</summary>
    /// <param name="reader">Reads them.</param>
    /// <param name="last">The number of the last one; 0 for none.</param>
    /// <exception cref="ObjectGoneException">One is not there.</exception>
    public JournalChain(JournalReader reader, int last)
    {
        _reader = reader;
        Last = last;
        JournalBase? found = null;
        for (var number = last; number > 0 && (found is null || number > Math.Max(found.Merged, found.Included)); number--)
        {
            var record = reader.Record(number);
            _tail.Insert(0, record);
            found ??= record.Base;
        }

        Base = found ?? JournalBase.None;
        Ahead = [.. _tail.Where(record => record.Number > Base.Included)];
    }

    /// <summary>The number of the last record; 0 for none.</summary>
    public int Last { get; }

    /// <summary>Finds the last record that opened a step: those of the newest steps are never merged away.</summary>
    /// <returns>The record; that of number 0 where it is not there any more.</returns>
    public RecordReference FindLastOpening()
    {
        try
        {
            return Tail.LastOrDefault(record => record.Opens) is { } opening ? new(opening.Number, opening.Holder)
                : Outline?.Openings is [.., var number] ? new(number, _reader.Record(number).Holder)
                : default;
        }
        catch (ObjectGoneException)
        {
            return default;
        }
    }

    /// <summary>Where the records before the last ones are.</summary>
    public JournalBase Base { get; }

    /// <summary>The records that neither a segment nor the checkpoint has, in order.</summary>
    public IReadOnlyList<JournalRecord> Ahead { get; }

    /// <summary>The records that are not merged, in order.</summary>
    /// <exception cref="ObjectGoneException">One is not there.</exception>
    public IReadOnlyList<JournalRecord> Tail => TailAfter(Base.Merged);

    /// <summary>The records after a number that are not merged, in order; no other is read.</summary>
    /// <exception cref="ObjectGoneException">One is not there.</exception>
    public IReadOnlyList<JournalRecord> TailAfter(int number)
    {
        while (_tail.Count < Last - Math.Max(Base.Merged, number))
            _tail.Insert(0, _reader.Record(Last - _tail.Count));
        return _tail.FindAll(record => record.Number > Math.Max(Base.Merged, number));
    }

    /// <summary>A segment of the log.</summary>
    /// <exception cref="ObjectGoneException">It is not there.</exception>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunDamaged"/>.</exception>
    public Segment Log(string name) => _reader.Log(name);

    /// <summary>The newest segment; null if nothing is merged.</summary>
    /// <exception cref="ObjectGoneException">It is not there.</exception>
    public Segment? Newest => Base.Segment is { } name ? _newest ??= _reader.Segment(name) : null;

    /// <summary>The same without its records, which are read only where it was not known before.</summary>
    /// <exception cref="ObjectGoneException">It is not there.</exception>
    public SegmentOutline? Outline => KnownOutline ?? Newest;

    /// <summary>The same where nothing is to be read for it; else null.</summary>
    public SegmentOutline? KnownOutline => _newest ?? _outline;

    /// <summary>Takes what was known of a segment, which never changes, where it is the newest still.</summary>
    public void Recall(SegmentOutline? known) => _outline = known?.Mark.Name == Base.Segment ? known : null;

    /// <summary>The segments that have records after a number; no object is read where there is none.</summary>
    public IReadOnlyList<SegmentReference> SegmentsAfter(int number) =>
        Base.Merged > number && Outline is { } newest ? [.. newest.All.Where(segment => segment.Last > number)] : [];

    /// <summary>The records after a number, in order.</summary>
    /// <exception cref="ObjectGoneException">An object is not there.</exception>
    public IEnumerable<JournalRecord> RecordsAfter(int number)
    {
        foreach (var mark in SegmentsAfter(number))
        {
            foreach (var record in (mark.Name == Base.Segment ? Newest! : _reader.Segment(mark.Name)).Records)
            {
                if (record.Number > number)
                    yield return record;
            }
        }

        foreach (var record in number < Base.Included ? Tail : Ahead)
        {
            if (record.Number > number)
                yield return record;
        }
    }

    /// <summary>Does something with each record after a number, in order.</summary>
    /// <exception cref="ObjectGoneException">An object is not there.</exception>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunDamaged"/>: what is in one cannot be read.</exception>
    public void Visit(int after, Action<JournalRecord> visit)
    {
        foreach (var record in RecordsAfter(after))
            Intact(record, () => visit(record));
    }

    /// <summary>Reads something in a record: what is wrong in it is told as of the object that it is in.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunDamaged"/>.</exception>
    public void Intact(JournalRecord record, Action read) => _reader.Intact(
        record.Number > Base.Merged ? _reader.PathOf(record.Number) : _reader.PathOf(Outline!.All.First(segment => segment.Last >= record.Number)),
        () =>
        {
            read();
            return true;
        });
}
