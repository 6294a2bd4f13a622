using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>
/// Runs that exist and whose entry in the index somebody has deleted: no step does. They are looked for where a run would else be begun in their place, and where
/// runs are listed.
/// </summary>
internal static class UnlistedRuns
{
    /// <summary>Finds those of a flow; of all flows for null.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or as of <see cref="LivingRun.Find(RunFiles, RunFolder, Results.IValueAdapter?)"/>.</exception>
    public static IEnumerable<RunFolder> Find(RunFiles files, string? flow) =>
        files.Store is IFolderLister lister
            ? (flow is null ? lister.FoldersIn(RunPaths.Runs) : [StorePath.Escape(flow)])
                .SelectMany(name => FindIn(files, lister, name)).Where(found => flow is null || found.Flow == flow)
            : [];

    private static IEnumerable<RunFolder> FindIn(RunFiles files, IFolderLister lister, string flow)
    {
        var runs = lister.FoldersIn($"{RunPaths.Runs}{flow}/"); // first: a run that is begun meanwhile has its entry before anything else
        var listed = new HashSet<string>(files.List(RunPlace.OpenOf(flow)).Select(entry => RunPlace.OfIndex(entry.Path)?.Run).OfType<string>(), StringComparer.Ordinal);
        listed.UnionWith(lister.FoldersIn(RunPlace.DoneOf(flow)));
        return runs.Where(run => !listed.Contains(run)).Select(run => FindAt(files, new(flow, run))).OfType<RunFolder>();
    }

    /// <summary>The run at a place, by what its head says; null where there is none, or something else is there.</summary>
    /// <exception cref="FlowException">As of <see cref="Find"/>.</exception>
    public static RunFolder? FindAt(RunFiles files, RunPlace place) =>
        RunHead.NamesIn(files, place.Head) is { } names && new RunFolder(names.Flow, names.Run) is var folder && folder.Root == place.Root
        && LivingRun.Find(files, folder) is not null
            ? folder
            : null;
}
