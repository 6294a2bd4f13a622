using PrefectPS.Caching;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>
/// Deletes what no run on record has: what interrupted beginnings and removals left, litter of steps that were taken over, documents of messages of runs that
/// are not on record, and cache entries that have expired. docs/runs.md says of each kind of object what deletes it.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="age">How long ago something must have been written at least.</param>
/// <param name="clock">The time.</param>
internal sealed class StoreCleanup(IFlowStore store, TimeSpan age, TimeProvider clock)
{
    // A message may be on its way for so long whose document waits in the store; and a clock may be wrong.
    private static readonly TimeSpan LeastAge = TimeSpan.FromDays(1);

    private readonly RunFiles _files = new(store);
    private readonly FlowServices _services = new() { Clock = clock };

    /// <summary>Cleans the store up after the runs that were to be removed were removed.</summary>
    /// <param name="isWanted">Whether a flow, as its name stands in paths, is among those whose runs were.</param>
    /// <param name="define">Adds the flow's definition to what is left of a run, where it is at hand.</param>
    /// <param name="report">Takes what cannot be deleted, and goes on with the rest.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: the store cannot be listed.</exception>
    public void Clean(Func<string, bool> isWanted, Func<FlowRun, FlowRun> define, Action<FlowException> report)
    {
        var isDamaged = false;
        var leftovers = new List<FlowRun>();
        var runs = new RunIndex(_files).AllRuns(flow: null, _ => isDamaged = true, leftovers.Add);
        var until = clock.GetUtcNow() - age;
        foreach (var left in leftovers.Where(run => run.UpdateTime <= until && isWanted(StorePath.Escape(run.Flow))))
            Try(() => RunRemoval.Remove(define(left), _services), report);
        RemoveLitter(isWanted, report);
        EndLeases(isWanted, report);
        if (isDamaged)
            return; // what that run has taken from the cache is not known
        var first = runs.Select(run => run.Begun).DefaultIfEmpty(until).Min();
        Try(() => new CacheCleanup(store, first < until ? first : until).Clean(), report);
    }

    // Someone works there: then it is no litter, or he will leave it for the next time.
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

    // What is in the folder of a run that the index does not have.
    private void RemoveLitter(Func<string, bool> isWanted, Action<FlowException> report)
    {
        var until = clock.GetUtcNow() - (age > LeastAge ? age : LeastAge);
        var places = new HashSet<RunPlace>(_files.List(RunFolder.IndexOf(null)).Select(entry => RunPlace.OfIndex(entry.Path)).OfType<RunPlace>());
        foreach (var same in _files.List(RunPaths.Runs).GroupBy(entry => RunPlace.OfRun(entry.Path)))
        {
            if (same.Key is { } place && !places.Contains(place) && isWanted(place.Flow) && same.All(entry => IsLitter(entry, place, until)))
                Try(() => RemoveLitter(place), report);
        }
    }

    // Whether a lease is free is for who takes it to find out.
    private static bool IsLitter(StoreEntry entry, RunPlace place, DateTimeOffset until) =>
        entry.Path.StartsWith(place.Lease, StringComparison.Ordinal) || (entry.LastModified <= until && entry.Path != place.OldState);

    // A run that is begun meanwhile has its entry before anything else: where there is none yet, nothing that was listed is of it.
    private void RemoveLitter(RunPlace place)
    {
        using var lease = Lease.TryTake(_files, place.Lease, _services, () => { });
        if (lease is null)
            return;
        if (UnlistedRuns.FindAt(_files, place) is { } run)
            throw FlowErrors.SummaryMissing(store.Name, run);
        var head = _files.VersionOf(place.Head);
        string[] listed = [.. _files.List(place.Root).Select(entry => entry.Path).Where(path => path != place.Head && path != place.Lease)];
        if (_files.VersionOf(place.Open) is not null || _files.List(place.AllDone).Any() || (head is not null && !_files.TryDelete(place.Head, head)))
            return;
        foreach (var path in listed)
            _files.Delete(path);
    }

    // Those that are held while a run is begun, of processes that died then.
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
