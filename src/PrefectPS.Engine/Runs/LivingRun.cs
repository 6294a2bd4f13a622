using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>
/// A run that exists: its head is there, and an index entry names the same incarnation. A head alone is what a process left that was suspended
/// while it began the run, and woke after another had begun it, ended it and removed it.
/// </summary>
/// <param name="Head">Its head.</param>
/// <param name="Folder">Where the incarnation keeps its record.</param>
internal sealed record LivingRun(RunHead Head, IncarnationFolder Folder)
{
    /// <summary>Finds a run.</summary>
    /// <param name="files">The store.</param>
    /// <param name="run">The run's folder.</param>
    /// <param name="values">Reads the values of its parameters; null where they are not asked for.</param>
    /// <returns>The run; null where there is none.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, <see cref="FlowErrorId.RunDamaged"/> or <see cref="FlowErrorId.RecordVersion"/>.</exception>
    public static LivingRun? Find(RunFiles files, RunFolder run, IValueAdapter? values = null) =>
        RunHead.Find(files, run, values) is { } head ? Find(files, run, head, OpenEntry.Read(files, run)) : null;

    /// <summary>The run of a head; null where no index entry names it.</summary>
    public static LivingRun? Find(RunFiles files, RunFolder run, RunHead head, OpenEntry open) =>
        open.Run?.Incarnation == head.Incarnation || files.VersionOf(run.Done(head.Incarnation)) is not null ? new(head, new(run, head.Incarnation)) : null;
}
