using System.Globalization;
using PrefectPS.Documents;

namespace PrefectPS.Runs;

/// <summary>Reads a consistent snapshot of a run's journal, while a step may be writing it.</summary>
/// <remarks>
/// Journal objects are immutable, and deleted once a newer record has merged them. A missing object therefore means that there is a newer record, and
/// reading starts over; if there is none, the journal is damaged.
/// </remarks>
/// <param name="files">The store.</param>
/// <param name="folder">The run's folder.</param>
/// <param name="included">Number of a record known to exist, which only a later one replaces; 0 if none.</param>
internal sealed class JournalReader(RunFiles files, IncarnationFolder folder, int included = 0)
{
    /// <summary>Reads from the journal.</summary>
    /// <param name="read">The read; repeated if the journal has moved on meanwhile.</param>
    /// <returns>The result; null if the run was removed meanwhile.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.RunDamaged"/>.</exception>
    public T? Read<T>(Func<JournalChain, T?> read)
        where T : class
    {
        (int Last, string Path)? missing = null;
        while (true)
        {
            var last = Numbers().DefaultIfEmpty().Max();
            if (last == 0 && !RunHead.IsOf(files, folder))
                return null;
            try
            {
                return last < included ? throw new ObjectGoneException(PathOf(included)) : read(new(this, last));
            }
            catch (ObjectGoneException gone)
            {
                if (missing == (last, gone.Path))
                    return RunHead.IsOf(files, folder) ? throw FlowErrors.RunDamaged(files.Store.Name, folder.Run, gone.Path) : null;
                missing = (last, gone.Path);
            }
        }
    }

    /// <summary>Numbers of the existing records, unordered; merged ones are gone.</summary>
    public IEnumerable<int> Numbers()
    {
        foreach (var entry in files.List(folder.Journal))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(entry.Path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && entry.Path == folder.Record(number))
                yield return number;
        }
    }

    /// <summary>Path of a record.</summary>
    public string PathOf(int record) => folder.Record(record);

    /// <summary>Path of a segment.</summary>
    public string PathOf(SegmentReference segment) => folder.Segment(segment.Name);

    /// <summary>Reads a record.</summary>
    /// <exception cref="ObjectGoneException">The object is missing.</exception>
    public JournalRecord Record(int number) => Intact(folder.Record(number), content => JournalRecord.Read(content, number));

    /// <summary>True if the referenced record exists, can be read, and has the same holder.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public bool Has(RecordReference record)
    {
        try
        {
            return record is { Number: > 0, Holder: { } holder } && Record(record.Number).Holder == holder;
        }
        catch (ObjectGoneException)
        {
            return false;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.RunDamaged)
        {
            return false;
        }
    }

    /// <summary>Reads a segment.</summary>
    /// <exception cref="ObjectGoneException">The object is missing.</exception>
    public Segment Segment(string name) => Intact(folder.Segment(name), Runs.Segment.Read);

    /// <summary>Reads a log segment.</summary>
    /// <exception cref="ObjectGoneException">The object is missing.</exception>
    public Segment Log(string name) => Intact(folder.Log(name), Runs.Segment.Read);

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="ObjectGoneException">The object is missing.</exception>
    public T Checkpoint<T>(CheckpointReference mark, Func<byte[], T> read) =>
        Intact(folder.Checkpoint(mark.Name), packed => read(Packing.Gunzip(packed, Limits.MaxDocumentBytes, mark.Bytes)));

    /// <summary>Reads from an object, reporting faults with its path.</summary>
    public T Intact<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            throw FlowErrors.RunDamaged(files.Store.Name, folder.Run, path, e);
        }
    }

    private T Intact<T>(string path, Func<byte[], T> read) =>
        files.Read(path) is { } found ? Intact(path, () => read(found.Content)) : throw new ObjectGoneException(path);
}
