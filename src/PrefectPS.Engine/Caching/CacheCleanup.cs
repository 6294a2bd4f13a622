using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Caching;

/// <summary>
/// Deletes expired cache entries with their results, replaced results, and records of missing targets. Recorded runs may use cached results: nothing is
/// deleted that was valid when one of them began.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="until">An entry must have expired, or a result been replaced, before this time.</param>
internal sealed class CacheCleanup(IFlowStore store, DateTimeOffset until)
{
    private const string Root = "cache/";

    private readonly StoreCache _cache = new(new(store, new(PlainValueAdapter.Instance, [])));

    /// <summary>Deletes what has expired.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public void Clean()
    {
        var records = new TargetRecords(store);
        foreach (var same in store.ListAsync(Root, CancellationToken.None).Wait().ToArray().GroupBy(entry => PlaceOf(entry.Path), StringComparer.Ordinal))
        {
            if (same.Key is { } place)
                Clean(place, [.. same]);
            else
                Clean(records, same);
        }
    }

    private void Clean(TargetRecords records, IEnumerable<StoreEntry> others)
    {
        foreach (var entry in others)
        {
            if (entry.LastModified < until && entry.Path.StartsWith(TargetRecords.Root, StringComparison.Ordinal))
                records.DeleteWithoutTarget(entry.Path);
        }
    }

    // One folder per set of values: an entry, and the results written for it.
    private void Clean(string place, StoreEntry[] all)
    {
        var path = StoreCache.EntryOf(place);
        var entry = Array.Find(all, each => each.Path == path);
        StoreEntry[] old = [.. all.Where(each => each.Path != path && each.LastModified < until)];
        if (entry is not null && (entry.LastModified >= until || (old.Length == 0 && all.Length > 1)))
            return;
        string? kept = null;
        if (entry is not null && _cache.IsAlive(place, until, out kept, out var version) is false && !TryDelete(path, version))
            return;
        foreach (var each in old.Where(each => kept is null || !IsOf(each.Path, kept)))
            store.DeleteAsync(each.Path, version: null, CancellationToken.None).Wait();
    }

    private bool TryDelete(string path, string? version)
    {
        try
        {
            if (version is not null)
                store.DeleteAsync(path, version, CancellationToken.None).Wait();
            return true;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict)
        {
            return false; // the entry has a new result
        }
    }

    // The result itself and the files beside it.
    private static bool IsOf(string path, string result) =>
        path == result || path.StartsWith($"{result.Substring(0, result.Length - Path.GetExtension(result).Length)}.files/", StringComparison.Ordinal);

    private static string? PlaceOf(string path) => path.Split('/') switch
    {
        ["cache", "shared", var key, var hash, _, ..] => $"cache/shared/{key}/{hash}",
        ["cache", "tasks", var flow, var slug, var hash, _, ..] => $"cache/tasks/{flow}/{slug}/{hash}",
        _ => null,
    };
}
