using System.Globalization;
using PrefectPS.Documents;

namespace PrefectPS.Runs;

/// <summary>Reads the journal of a run, on which a step may be working: what is read is as it was at one moment.</summary>
/// <remarks>
/// Nothing that a journal is made of is ever written twice; what a newer record has merged is deleted. So what is found gone means that there is a newer record,
/// and reading begins again; where there is none, the object is missing.
/// </remarks>
/// <param name="files">The store.</param>
/// <param name="folder">Where the run keeps its journal.</param>
/// <param name="included">The number of a record that there was, and that nothing but a later one replaces; 0 for none.</param>
internal sealed class JournalReader(RunFiles files, IncarnationFolder folder, int included = 0)
{
    /// <summary>Reads something from a journal.</summary>
    /// <param name="read">Reads it; called again where the journal has moved on meanwhile.</param>
    /// <returns>What was read; null if the run was removed meanwhile.</returns>
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

    /// <summary>The numbers of the records that are there, in no order: not all that there were.</summary>
    public IEnumerable<int> Numbers()
    {
        foreach (var entry in files.List(folder.Journal))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(entry.Path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && entry.Path == folder.Record(number))
                yield return number;
        }
    }

    /// <summary>Where a record is.</summary>
    public string PathOf(int record) => folder.Record(record);

    /// <summary>Where a segment is.</summary>
    public string PathOf(SegmentReference segment) => folder.Segment(segment.Name);

    /// <summary>A record.</summary>
    /// <exception cref="ObjectGoneException">It is not there.</exception>
    public JournalRecord Record(int number) => Intact(folder.Record(number), content => JournalRecord.Read(content, number));

    /// <summary>True if a record is there that can be read, by the holder that is named.</summary>
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

    /// <summary>A segment.</summary>
    /// <exception cref="ObjectGoneException">It is not there.</exception>
    public Segment Segment(string name) => Intact(folder.Segment(name), Runs.Segment.Read);

    /// <summary>A segment of the log.</summary>
    /// <exception cref="ObjectGoneException">It is not there.</exception>
    public Segment Log(string name) => Intact(folder.Log(name), Runs.Segment.Read);

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="ObjectGoneException">It is not there.</exception>
    public T Checkpoint<T>(CheckpointReference mark, Func<byte[], T> read) =>
        Intact(folder.Checkpoint(mark.Name), packed => read(Packing.Gunzip(packed, Limits.MaxDocumentBytes, mark.Bytes)));

    /// <summary>Reads what is in an object: what is wrong there is told as of it.</summary>
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
