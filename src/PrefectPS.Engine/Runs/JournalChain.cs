namespace PrefectPS.Runs;

/// <summary>The journal of a run at one moment; records are read on demand.</summary>
internal sealed class JournalChain
{
    private readonly JournalReader _reader;
    private readonly List<JournalRecord> _tail = [];
    private Segment? _newest;
    private SegmentOutline? _outline; // of the newest segment, if known before

    /// <summary>Reads the records after the newest segment and the checkpoint, and what they say of earlier ones.</summary>
    /// <param name="reader">Reads the objects.</param>
    /// <param name="last">Number of the last record; 0 if none.</param>
    /// <exception cref="ObjectGoneException">A record is missing.</exception>
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

    /// <summary>Number of the last record; 0 if none.</summary>
    public int Last { get; }

    /// <summary>Finds the last record that opened a step; those of recent steps are never merged away.</summary>
    /// <returns>The record; number 0 if it no longer exists.</returns>
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

    /// <summary>Where earlier records are now.</summary>
    public JournalBase Base { get; }

    /// <summary>The records after the newest segment and the checkpoint, in order.</summary>
    public IReadOnlyList<JournalRecord> Ahead { get; }

    /// <summary>The unmerged records, in order.</summary>
    /// <exception cref="ObjectGoneException">A record is missing.</exception>
    public IReadOnlyList<JournalRecord> Tail => TailAfter(Base.Merged);

    /// <summary>The unmerged records after a number, in order; no others are read.</summary>
    /// <exception cref="ObjectGoneException">A record is missing.</exception>
    public IReadOnlyList<JournalRecord> TailAfter(int number)
    {
        while (_tail.Count < Last - Math.Max(Base.Merged, number))
            _tail.Insert(0, _reader.Record(Last - _tail.Count));
        return _tail.FindAll(record => record.Number > Math.Max(Base.Merged, number));
    }

    /// <summary>Reads a log segment.</summary>
    /// <exception cref="ObjectGoneException">The object is missing.</exception>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunDamaged"/>.</exception>
    public Segment Log(string name) => _reader.Log(name);

    /// <summary>The newest segment; null if nothing is merged.</summary>
    /// <exception cref="ObjectGoneException">The object is missing.</exception>
    public Segment? Newest => Base.Segment is { } name ? _newest ??= _reader.Segment(name) : null;

    /// <summary>The newest segment without its records; read only if not known before.</summary>
    /// <exception cref="ObjectGoneException">The object is missing.</exception>
    public SegmentOutline? Outline => KnownOutline ?? Newest;

    /// <summary>The newest segment's outline if it is known without reading; else null.</summary>
    public SegmentOutline? KnownOutline => _newest ?? _outline;

    /// <summary>Uses an outline known before if it is still the newest: segments are immutable.</summary>
    public void Recall(SegmentOutline? known) => _outline = known?.Mark.Name == Base.Segment ? known : null;

    /// <summary>The segments with records after a number; reads nothing if there are none.</summary>
    public IReadOnlyList<SegmentReference> SegmentsAfter(int number) =>
        Base.Merged > number && Outline is { } newest ? [.. newest.All.Where(segment => segment.Last > number)] : [];

    /// <summary>The records after a number, in order.</summary>
    /// <exception cref="ObjectGoneException">An object is missing.</exception>
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

    /// <summary>Visits each record after a number, in order.</summary>
    /// <exception cref="ObjectGoneException">An object is missing.</exception>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunDamaged"/>: a record cannot be read.</exception>
    public void Visit(int after, Action<JournalRecord> visit)
    {
        foreach (var record in RecordsAfter(after))
            Intact(record, () => visit(record));
    }

    /// <summary>Reads from a record, reporting faults with the path of the object it is in.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunDamaged"/>.</exception>
    public void Intact(JournalRecord record, Action read) => _reader.Intact(
        record.Number > Base.Merged ? _reader.PathOf(record.Number) : _reader.PathOf(Outline!.All.First(segment => segment.Last >= record.Number)),
        () =>
        {
            read();
            return true;
        });
}
