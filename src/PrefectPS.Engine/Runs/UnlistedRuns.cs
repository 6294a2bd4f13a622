using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>
/// Runs that exist and whose entry in the index somebody has deleted: no step does. They are looked for where a run would else be begun in their place, and where
/// runs are listed.
/// </summary>
internal static class UnlistedRuns
{
    /// <summary>Finds those of a flow.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or as of <see cref="ExistingRun.Find(RunFiles, RunFolder, Results.IValueAdapter?)"/>.</exception>
    public static IEnumerable<RunFolder> Find(RunFiles files, string flow)
    {
        if (files.Store is not IFolderLister lister)
            return [];
        var (places, name) = (PlacesOf(files, flow), StorePath.Escape(flow));
        var listed = files.List(RunLocation.OpenOf(name)).Select(entry => RunLocation.OfIndex(entry.Path))
            .Concat(lister.FoldersIn(RunLocation.DoneOf(name)).Select(run => new RunLocation(name, run)));
        return Among(files, places, listed).Where(found => found.Flow == flow);
    }

    /// <summary>
    /// Where a flow's runs have something in the store; those of all flows for null. To be asked before the index is listed: a run that is begun meanwhile has its entry
    /// before anything else.
    /// </summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static IReadOnlyList<RunLocation> PlacesOf(RunFiles files, string? flow)
    {
        if (files.Store is not IFolderLister lister)
            return [];
        var flows = flow is null ? lister.FoldersIn(RunPaths.Runs) : [StorePath.Escape(flow)];
        return [.. flows.SelectMany(name => lister.FoldersIn($"{RunPaths.Runs}{name}/").Select(run => new RunLocation(name, run)))];
    }

    /// <summary>Those of some places that hold a run and are not listed.</summary>
    /// <exception cref="FlowException">As of <see cref="Find"/>.</exception>
    public static IEnumerable<RunFolder> Among(RunFiles files, IReadOnlyList<RunLocation> places, IEnumerable<RunLocation?> listed)
    {
        var known = new HashSet<RunLocation?>(listed);
        return places.Where(place => !known.Contains(place)).Select(place => FindAt(files, place)).OfType<RunFolder>();
    }

    /// <summary>The run at a place, by what its head says; null if none, or something else is there.</summary>
    /// <exception cref="FlowException">As of <see cref="Find"/>.</exception>
    public static RunFolder? FindAt(RunFiles files, RunLocation place) =>
        RunHead.NamesIn(files, place.Head) is { } names && new RunFolder(names.Flow, names.Run) is var folder && folder.Root == place.Root
        && ExistingRun.Find(files, folder) is not null
            ? folder
            : null;
}
