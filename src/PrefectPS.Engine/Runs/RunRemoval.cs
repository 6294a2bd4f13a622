using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Removes runs from a store.</summary>
internal static class RunRemoval
{
    /// <summary>
    /// Removes a run, its record and the results in it; results under targets stay. The record is removed from its end, so that what is left when that is
    /// cut short is a run that is less far on, and its summary last, so that it is found to be removed again.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="clock">Says when the lease is to be renewed; null for the system's clock.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: a step is working on it. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static void Remove(FlowRun run, TimeProvider? clock = null)
    {
        var files = new RunFiles(run.Provider);
        var folder = run.Folder;
        var index = new RunIndex(files);
        var services = new FlowServices { Clock = clock ?? TimeProvider.System };
        using var lease = Lease.TryTake(files, folder.Lease, services, () => { }) ?? throw FlowErrors.RunBusy(folder);
        index.Retire(folder);
        foreach (var entry in files.List(folder.Journal).Reverse())
            files.Delete(entry.Path);
        files.Delete(folder.State);
        foreach (var entry in files.List(folder.Root).Where(entry => entry.Path != folder.Lease))
            files.Delete(entry.Path);
        index.Remove(folder);
    }
}
