using PrefectPS.Flows;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Removes finished runs of a flow that its retention does not keep, some of them at the end of each run. Unfinished ones are never removed.</summary>
/// <param name="files">The store.</param>
/// <param name="flow">The flow.</param>
/// <param name="retention">What is kept.</param>
internal sealed class RetentionSweep(RunFiles files, Flow flow, RunRetention retention)
{
    // A run that ends adds one: what there is beyond that goes by and by, and no step takes long for it.
    private const int MaxRemoved = 5;
    private const int MaxTried = 10;

    /// <summary>Removes the oldest that are not kept.</summary>
    /// <param name="runId">The run that has ended.</param>
    /// <param name="warn">Told why nothing could be removed. It fails no step: the next run's end tries again.</param>
    public void Run(string runId, Action<string> warn)
    {
        try
        {
            var removed = 0;
            foreach (var path in Expired(StorePath.Escape(runId)).Take(MaxTried))
            {
                if (removed < MaxRemoved && TryRemove(path))
                    removed++;
            }
        }
        catch (FlowException e) when (e.Id is FlowErrorId.StoreFailed or FlowErrorId.StoreConflict)
        {
            warn($"Runs of flow '{flow.Name}' that are no longer kept could not be removed: {e.Message} The end of the next run tries again.");
        }
    }

    // The summaries of the runs that are not kept, the oldest first. One listing says which are finished, and when they were.
    private IEnumerable<string> Expired(string ended)
    {
        var listed = files.List(RunFolder.IndexOf(flow.Name)).Where(entry => RunPlace.IsSummary(entry.Path))
            .Select(entry => (Entry: entry, Place: RunPlace.OfIndex(entry.Path))).Where(each => each.Place is not null).ToArray();
        var open = new HashSet<RunPlace>(listed.Where(each => each.Place!.Open == each.Entry.Path).Select(each => each.Place!));
        var finished = listed.GroupBy(each => each.Place!).Where(run => !open.Contains(run.Key))
            .Select(run => (run.Key.Run, Last: run.Select(each => each.Entry).OrderByDescending(entry => entry.LastModified).First()))
            .OrderByDescending(run => run.Run == ended).ThenByDescending(run => run.Last.LastModified).ThenByDescending(run => run.Run, StringComparer.Ordinal).ToArray();
        var oldest = retention.MaxAge is { } age ? flow.Services.Clock.GetUtcNow() - age : DateTimeOffset.MinValue;
        var kept = Array.FindIndex(finished, run => run.Run != ended && run.Last.LastModified < oldest);
        return finished.Skip(Math.Max(1, Math.Min(kept < 0 ? int.MaxValue : kept, retention.MaxCount ?? int.MaxValue))).Select(run => run.Last.Path).Reverse();
    }

    // Who works on it, or has gone on with it since it was listed, keeps it.
    private bool TryRemove(string path)
    {
        if (DoneEntry.TryRead(files, path) is not { } summary || summary.Flow != flow.Name)
            return false;
        using var lease = AppliersLease.TryTake(files, summary.Folder, flow.Services, () => { });
        if (lease is null)
            return false;
        var seen = OpenEntry.Look(files, summary.Folder);
        if (seen.IsThere || DoneEntry.FindRecord(files, path) != summary.Record || RunHead.Find(files, summary.Folder)?.Incarnation != summary.Incarnation)
            return false;
        RunRemoval.Remove(files, summary.Folder, seen, lease, flow);
        return true;
    }
}
