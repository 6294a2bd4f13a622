using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>
/// Finds existing runs whose index entry was deleted by a third party. Searched before a run would be created in their location, and when runs are listed.
/// </summary>
internal static class UnlistedRuns
{
    /// <summary>Finds the unlisted runs of a flow.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or as of <see cref="ExistingRun.Find(RunFiles, RunFolder, Results.IValueAdapter?)"/>.</exception>
    public static IEnumerable<RunFolder> Find(RunFiles files, string flow)
    {
        if (files.Store is not IFolderLister lister)
            return [];
        var (locations, name) = (LocationsOf(files, flow), StorePath.Escape(flow));
        var listed = files.List(RunLocation.OpenOf(name)).Select(entry => RunLocation.OfIndex(entry.Path))
            .Concat(lister.FoldersIn(RunLocation.DoneOf(name)).Select(run => new RunLocation(name, run)));
        return Among(files, locations, listed).Where(found => found.Flow == flow);
    }

    /// <summary>Locations of a flow's runs in the store; of all flows if null. Call before listing the index: a run being created writes its entry first.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static IReadOnlyList<RunLocation> LocationsOf(RunFiles files, string? flow)
    {
        if (files.Store is not IFolderLister lister)
            return [];
        var flows = flow is null ? lister.FoldersIn(RunPaths.Runs) : [StorePath.Escape(flow)];
        return [.. flows.SelectMany(name => lister.FoldersIn($"{RunPaths.Runs}{name}/").Select(run => new RunLocation(name, run)))];
    }

    /// <summary>The locations that hold a run and are not listed.</summary>
    /// <exception cref="FlowException">As for <see cref="Find"/>.</exception>
    public static IEnumerable<RunFolder> Among(RunFiles files, IReadOnlyList<RunLocation> locations, IEnumerable<RunLocation?> listed)
    {
        var known = new HashSet<RunLocation?>(listed);
        return locations.Where(location => !known.Contains(location)).Select(location => FindAt(files, location)).OfType<RunFolder>();
    }

    /// <summary>The run at a location, as named by its head; null if there is none.</summary>
    /// <exception cref="FlowException">As for <see cref="Find"/>.</exception>
    public static RunFolder? FindAt(RunFiles files, RunLocation location) =>
        RunHead.NamesIn(files, location.Head) is { } names && new RunFolder(names.Flow, names.Run) is var folder && folder.Root == location.Root
        && ExistingRun.Find(files, folder) is not null
            ? folder
            : null;
}
