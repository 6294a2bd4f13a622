using PrefectPS.Caching;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>
/// Deletes orphaned objects: leftovers of interrupted creations and removals and of steps that were taken over, message documents of unrecorded runs, and
/// expired cache entries. docs/runs.md lists what deletes each kind of object.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="age">Minimum age of what is deleted.</param>
/// <param name="clock">The clock.</param>
public sealed class StoreCleanup(IFlowStore store, TimeSpan age, TimeProvider clock)
{
    // A message in transit may still reference its document; clocks may be wrong too.
    private static readonly TimeSpan LeastAge = TimeSpan.FromDays(1);

    private readonly RunFiles _files = new(store);
    private readonly FlowServices _services = new() { Clock = clock };

    /// <summary>Cleans up the store, after expired runs were removed.</summary>
    /// <param name="isWanted">Selects flows by their escaped names.</param>
    /// <param name="define">Adds the flow's definition to the leftovers of a run, if known.</param>
    /// <param name="report">Receives faults; cleaning continues.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: the store cannot be listed.</exception>
    public void Clean(Func<string, bool> isWanted, Func<FlowRun, FlowRun> define, Action<FlowException> report)
    {
        var isDamaged = false;
        var leftovers = new List<FlowRun>();
        var runs = new RunIndex(_files).AllRuns(flow: null, _ => isDamaged = true, leftovers.Add);
        var until = clock.GetUtcNow() - age;
        foreach (var left in leftovers.Where(run => run.UpdateTime <= until && isWanted(StorePath.Escape(run.Flow))))
            Try(() => RunRemoval.Remove(define(left), _services), report);
        RemoveOrphans(isWanted, report);
        EndLeases(isWanted, report);
        if (isDamaged)
            return; // unknown which cache entries the damaged run uses
        var first = runs.Select(run => run.Begun).DefaultIfEmpty(until).Min();
        Try(() => new CacheCleanup(store, first < until ? first : until).Clean(), report);
    }

    // Someone works there: not an orphan, or left for the next time.
    private static void Try(Action remove, Action<FlowException> report)
    {
        try
        {
            remove();
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict)
        {
        }
        catch (FlowException e)
        {
            report(e);
        }
    }

    // Objects in the folder of a run that the index does not list.
    private void RemoveOrphans(Func<string, bool> isWanted, Action<FlowException> report)
    {
        var until = clock.GetUtcNow() - (age > LeastAge ? age : LeastAge);
        var locations = new HashSet<RunLocation>(_files.List(RunFolder.IndexOf(null)).Select(entry => RunLocation.OfIndex(entry.Path)).OfType<RunLocation>());
        foreach (var same in _files.List(RunPaths.Runs).GroupBy(entry => RunLocation.OfRun(entry.Path)))
        {
            if (same.Key is { } location && !locations.Contains(location) && isWanted(location.EscapedFlow) && same.All(entry => IsOrphan(entry, location, until)))
                Try(() => RemoveOrphans(location), report);
        }
    }

    // Acquiring the lease tells whether it is free.
    private static bool IsOrphan(StoreEntry entry, RunLocation location, DateTimeOffset until) =>
        entry.Path.StartsWith(location.Lease, StringComparison.Ordinal) || (entry.LastModified <= until && entry.Path != location.OldState);

    // A run being created writes its index entry first: while there is none, nothing listed belongs to it.
    private void RemoveOrphans(RunLocation location)
    {
        using var lease = Lease.TryTake(_files, location.Lease, _services, () => { });
        if (lease is null)
            return;
        if (UnlistedRuns.FindAt(_files, location) is { } run)
            throw FlowErrors.SummaryMissing(store.Name, run);
        var head = _files.VersionOf(location.Head);
        string[] listed = [.. _files.List(location.Root).Select(entry => entry.Path).Where(path => path != location.Head && path != location.Lease)];
        if (_files.VersionOf(location.Open) is not null || _files.List(location.AllDone).Any() || (head is not null && !_files.TryDelete(location.Head, head)))
            return;
        foreach (var path in listed)
            _files.Delete(path);
    }

    // Leases held while a run is created, left by processes that died.
    private void EndLeases(Func<string, bool> isWanted, Action<FlowException> report)
    {
        var until = clock.GetUtcNow() - LeaseOptions.LongestDuration;
        foreach (var entry in _files.List(RunFolder.IndexOf(null)))
        {
            if (entry.Path.Split('/') is not [_, var flow, var name] || !isWanted(flow) || !name.StartsWith(RunFolder.ResumeName, StringComparison.Ordinal))
                continue;
            if (name == RunFolder.ResumeName)
                Try(() => Lease.TryTake(_files, entry.Path, _services, () => { })?.Dispose(), report);
            else if (entry.LastModified <= until)
                Try(() => _files.Delete(entry.Path), report);
        }
    }
}
