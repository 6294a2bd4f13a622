using PrefectPS.Flows;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Removes expired finished runs of a flow, a few at the end of each run. Unfinished runs are never removed.</summary>
/// <param name="files">The store.</param>
/// <param name="flow">The flow.</param>
/// <param name="retention">The retention.</param>
internal sealed class RetentionSweep(RunFiles files, Flow flow, RunRetention retention)
{
    // Each ending run adds one; a backlog shrinks gradually, without delaying any step much.
    private const int MaxRemoved = 5;
    private const int MaxTried = 10;

    /// <summary>Removes the oldest expired runs.</summary>
    /// <param name="runId">The run that has ended.</param>
    /// <param name="warn">Receives a warning if nothing could be removed. No step fails for that: the next run's end tries again.</param>
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

    // Summaries of expired runs, oldest first. One listing shows which runs are finished, and since when.
    private IEnumerable<string> Expired(string ended)
    {
        var listed = files.List(RunFolder.IndexOf(flow.Name)).Where(entry => RunLocation.IsSummary(entry.Path))
            .Select(entry => (Entry: entry, Location: RunLocation.OfIndex(entry.Path))).Where(each => each.Location is not null).ToArray();
        var open = new HashSet<RunLocation>(listed.Where(each => each.Location!.Open == each.Entry.Path).Select(each => each.Location!));
        var finished = listed.GroupBy(each => each.Location!).Where(entries => !open.Contains(entries.Key))
            .Select(entries => (Id: entries.Key.EscapedRunId, Last: entries.Select(each => each.Entry).OrderByDescending(entry => entry.LastModified).First()))
            .OrderByDescending(summary => summary.Id == ended)
            .ThenByDescending(summary => summary.Last.LastModified)
            .ThenByDescending(summary => summary.Id, StringComparer.Ordinal)
            .ToArray();
        var oldest = retention.MaxAge is { } age ? flow.Services.Clock.GetUtcNow() - age : DateTimeOffset.MinValue;
        var tooOld = Array.FindIndex(finished, summary => summary.Id != ended && summary.Last.LastModified < oldest);
        var kept = Math.Max(1, Math.Min(tooOld < 0 ? int.MaxValue : tooOld, retention.MaxCount ?? int.MaxValue));
        return finished.Skip(kept).Select(summary => summary.Last.Path).Reverse();
    }

    // A run is kept if a step works on it or has continued it since it was listed.
    private bool TryRemove(string path)
    {
        if (DoneEntry.TryRead(files, path) is not { } summary || summary.Flow != flow.Name)
            return false;
        using var lease = LeaseWait.TryTake(files, summary.Folder, flow.Services, () => { });
        if (lease is null)
            return false;
        var seen = OpenEntry.Peek(files, summary.Folder);
        if (seen.IsThere || DoneEntry.FindRecord(files, path) != summary.Record || RunHead.Find(files, summary.Folder)?.Incarnation != summary.Incarnation)
            return false;
        RunRemoval.Remove(files, summary.Folder, seen, lease, flow);
        return true;
    }
}
