using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>
/// A run that exists: its head is there, and an index entry names the same incarnation, or something is on record of it. A head alone is what a process left
/// that was suspended while it began the run, and woke after another had begun it, ended it and removed it.
/// </summary>
/// <param name="Head">Its head.</param>
/// <param name="Folder">Where the incarnation keeps its record.</param>
/// <param name="Included">The number of the last record that the index knows of; 0 where it does not say.</param>
public sealed record LivingRun(RunHead Head, IncarnationFolder Folder, int Included)
{
    /// <summary>Whether an index entry names it.</summary>
    internal bool IsIndexed { get; private init; } = true;

    /// <summary>Finds a run.</summary>
    /// <param name="files">The store.</param>
    /// <param name="run">The run's folder.</param>
    /// <param name="values">Reads the values of its parameters; null where they are not asked for.</param>
    /// <returns>The run; null where there is none.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, <see cref="FlowErrorId.RunDamaged"/> or <see cref="FlowErrorId.RecordVersion"/>.</exception>
    public static LivingRun? Find(RunFiles files, RunFolder run, IValueAdapter? values = null)
    {
        while (true)
        {
            var head = RunHead.Find(files, run, values);
            var open = OpenEntry.Read(files, run);
            if (head is not null)
                return Find(files, run, head, open);
            if (open.Run is not { Mark: EntryMark.None })
            {
                LostHead.Demand(files, run);
                return null;
            }

            if (files.VersionOf(run.Head) is null && open.IsAsSeen()) // a removal marks the entry first
                throw FlowErrors.RunDamaged(files.Store.Name, run, run.Head);
        }
    }

    /// <summary>The run of a head; null where no index entry names it, and nothing is on record of it.</summary>
    internal static LivingRun? Find(RunFiles files, RunFolder run, RunHead head, OpenEntry open)
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
            return null; // another's
        return files.List(folder.Journal).Any() ? new(head, folder, Included: 0) { IsIndexed = false } : null;
    }

    /// <summary>Reads its journal, which is to go as far as the index knows.</summary>
    internal JournalReader JournalIn(RunFiles files) => new(files, Folder, Included);
}
