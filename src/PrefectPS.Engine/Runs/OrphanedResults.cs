using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>
/// Deletes results that a crashed or taken-over step wrote before its records named them. The successor does this once, after its first record, from when
/// on the previous holder can no longer add records. What that holder writes later, and orphans of others, are deleted with the run.
/// </summary>
internal static class OrphanedResults
{
    // Bounds the delay of the next step after one with very many tasks.
    private const int MaxDeleted = 1000;

    /// <summary>Deletes the results of the previous holder that the run does not reference. A failing store keeps them.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run.</param>
    /// <param name="former">The previous holder.</param>
    /// <param name="run">The run as recorded now.</param>
    public static void Delete(RunFiles files, IncarnationFolder folder, string former, FlowState run)
    {
        if (!Journal.IsHolder(former))
            return; // written by other software
        try
        {
            var place = folder.ResultsOf(Journal.NameOf(former));
            var left = files.List(place);
            if (left.Count == 0)
                return;
            HashSet<string> named = new(StringComparer.Ordinal);
            Name(run, place, named);
            files.TryDelete([.. left.Select(entry => entry.Path).Where(path => !IsNamed(path, named)).Take(MaxDeleted)]);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreFailed)
        {
        }
    }

    // A result is referenced itself; each of its files by a folder it is in.
    private static bool IsNamed(string path, HashSet<string> named)
    {
        if (named.Contains(path))
            return true;
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (named.Contains(path.Substring(0, end + 1)))
                return true;
        }

        return false;
    }

    private static void Name(FlowState run, string place, HashSet<string> named)
    {
        foreach (var state in run.States)
            Name(state, place, named);
    }

    private static void Name(State state, string place, HashSet<string> named)
    {
        foreach (var location in new[] { state.Result?.Location, state.LoopResult?.Location })
        {
            if (location?.StartsWith(place, StringComparison.Ordinal) != true)
                continue;
            named.Add(location);
            named.Add(ResultFiles.FolderOf(location));
        }

        foreach (var child in state.Children ?? [])
            Name(child, place, named);
        if (state.SubflowRun is { } subflow)
            Name(subflow, place, named);
        if (state.Prefect?.Wrapped is { } wrapped)
            Name(wrapped, place, named);
    }
}
