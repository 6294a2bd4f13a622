namespace PrefectPS.Runs;

/// <summary>
/// Distinguishes a run whose head was lost from a removed one. An existing finished run has an index entry and the record it names, which opened its last
/// step and is never merged away. A removal deletes both before its mark. A process that was suspended meanwhile can rewrite one of them, but never both:
/// after each record, a step verifies its lease.
/// </summary>
internal static class LostHead
{
    /// <summary>Throws if a run without a head is not removed but damaged.</summary>
    /// <param name="files">The store.</param>
    /// <param name="run">The run's folder.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>; <see cref="FlowErrorId.RunDamaged"/>: the run has ended, and its head is lost.</exception>
    public static void ThrowIfLost(RunFiles files, RunFolder run)
    {
        // Found again after checking for the mark: nobody removed it in between.
        if (FinishedIn(files, run) is { } found && files.VersionOf(run.Head) is null && !IsBeingRemoved(files, run) && FinishedIn(files, run) == found)
            throw FlowErrors.RunDamaged(files.Store.Name, run, run.Head);
    }

    /// <summary>True if the index says that the run is being removed.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or <see cref="FlowErrorId.RunDamaged"/>.</exception>
    public static bool IsBeingRemoved(RunFiles files, RunFolder run) => OpenEntry.Read(files, run).Run is { Mark: EntryMark.Removing };

    // The finished incarnation; null if none.
    private static string? FinishedIn(RunFiles files, RunFolder run) => files.List(run.AllDone)
        .Select(entry => entry.Path).Where(RunLocation.IsSummary)
        .Select(path => DoneEntry.TryRead(files, path)).OfType<FlowRun>()
        .FirstOrDefault(done => done.Flow == run.Flow && done.RunId == run.RunId
            && new JournalReader(files, new(run, done.Incarnation)).Has(done.Opening))?.Incarnation;
}
