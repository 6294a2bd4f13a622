using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>
/// A run that exists: it has a head, and an index entry of the same incarnation or a record. A head alone was left by a process that was suspended while
/// creating the run, after another had created, finished and removed it.
/// </summary>
/// <param name="Head">The run's head.</param>
/// <param name="Folder">Folder of the incarnation.</param>
/// <param name="Included">Number of the last record according to the index; 0 if unknown.</param>
public sealed record ExistingRun(RunHead Head, IncarnationFolder Folder, int Included)
{
    /// <summary>True if an index entry names the run.</summary>
    internal bool IsIndexed { get; private init; } = true;

    /// <summary>Finds a run.</summary>
    /// <param name="files">The store.</param>
    /// <param name="run">The run's folder.</param>
    /// <param name="values">Reads parameter values; null if not needed.</param>
    /// <returns>The run; null if there is none.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, <see cref="FlowErrorId.RunDamaged"/> or <see cref="FlowErrorId.RecordVersion"/>.</exception>
    public static ExistingRun? Find(RunFiles files, RunFolder run, IValueAdapter? values = null)
    {
        while (true)
        {
            var head = RunHead.Find(files, run, values);
            var open = OpenEntry.Read(files, run);
            if (head is not null)
                return Find(files, run, head, open);
            if (open.Run is not { Mark: EntryMark.None })
            {
                LostHead.ThrowIfLost(files, run);
                return null;
            }

            if (files.VersionOf(run.Head) is null && open.IsAsSeen()) // a removal would have marked the entry first
                throw FlowErrors.RunDamaged(files.Store.Name, run, run.Head);
        }
    }

    /// <summary>The run of a head; null if neither an index entry nor a record belongs to it.</summary>
    internal static ExistingRun? Find(RunFiles files, RunFolder run, RunHead head, OpenEntry open)
    {
        var folder = new IncarnationFolder(run, head.Incarnation);
        if (open.Run is { Mark: not EntryMark.Removing } entry && entry.Incarnation == head.Incarnation)
            return new(head, folder, entry.Record);
        var done = DoneEntry.FindRecord(files, folder.Done);
        if (open.Run?.Removes(head.Incarnation, done ?? 0) == true)
            return null;
        if (done is { } record)
            return new(head, folder, record);
        if (open.Run is not null)
            return null; // belongs to another incarnation
        return files.List(folder.Journal).Any() ? new(head, folder, Included: 0) { IsIndexed = false } : null;
    }

    /// <summary>Opens the journal, which must reach at least as far as the index says.</summary>
    internal JournalReader JournalIn(RunFiles files) => new(files, Folder, Included);
}
