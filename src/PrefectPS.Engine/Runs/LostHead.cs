namespace PrefectPS.Runs;

/// <summary>
/// Tells a run whose head is lost from one that was removed. A finished run that exists has an entry in the index, and the record that the entry names: the one that
/// opened its last step, which is never merged away. A removal deletes both before it deletes its mark. A process that was suspended meanwhile, and wakes late, can
/// write one of them again, and never both: after each record, a step looks whether it still has its lease.
/// </summary>
internal static class LostHead
{
    /// <summary>Demands of a run that has no head that it does not exist.</summary>
    /// <param name="files">The store.</param>
    /// <param name="run">The run's folder.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>; <see cref="FlowErrorId.RunDamaged"/>: it has ended, and its head is lost.</exception>
    public static void ThrowIfLost(RunFiles files, RunFolder run)
    {
        // Found again after the mark was looked for: nobody has removed it between.
        if (FinishedIn(files, run) is { } found && files.VersionOf(run.Head) is null && !IsBeingRemoved(files, run) && FinishedIn(files, run) == found)
            throw FlowErrors.RunDamaged(files.Store.Name, run, run.Head);
    }

    /// <summary>True if the index says that a run is being removed.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or <see cref="FlowErrorId.RunDamaged"/>.</exception>
    public static bool IsBeingRemoved(RunFiles files, RunFolder run) => OpenEntry.Read(files, run).Run is { Mark: EntryMark.Removing };

    // The incarnation that has ended; null if none.
    private static string? FinishedIn(RunFiles files, RunFolder run) => files.List(run.AllDone)
        .Select(entry => entry.Path).Where(RunLocation.IsSummary)
        .Select(path => DoneEntry.TryRead(files, path)).OfType<FlowRun>()
        .FirstOrDefault(done => done.Flow == run.Flow && done.RunId == run.RunId
            && new JournalReader(files, new(run, done.Incarnation)).Has(done.Opening))?.Incarnation;
}
