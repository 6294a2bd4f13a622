using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>
/// Deletes what a step has left behind that died, or was taken over, before its records named it: its results. Whoever took over looks for it once, after its own record
/// stands, behind which the former holder puts none any more. What that one writes later, and what was left by others, goes with the run.
/// </summary>
internal static class OrphanedResults
{
    // What a step of very many tasks has left is no reason to keep the next one waiting.
    private const int MaxDeleted = 1000;

    /// <summary>Deletes the results of a former holder that the run does not name. A store that fails keeps them.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run.</param>
    /// <param name="former">The former holder.</param>
    /// <param name="run">The run as it is on record now.</param>
    public static void Delete(RunFiles files, IncarnationFolder folder, string former, FlowState run)
    {
        if (!Journal.IsHolder(former))
            return; // others wrote that lease
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

    // A result is named itself, and each of its files by a folder that it is in.
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
