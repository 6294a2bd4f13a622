using System.Collections.Concurrent;
using PrefectPS.Storage;

namespace PrefectPS.Caching;

/// <summary>Caches result objects in memory for the session, for flows without a store.</summary>
public sealed class SessionCache : ITaskCache
{
    private const int FewEntries = 1_000;
    private readonly ConcurrentDictionary<string, CachedResult> _entries = new(StringComparer.Ordinal);
    private int _tidyAt = FewEntries;

    /// <inheritdoc/>
    public CachedResult? Find(string path, DateTimeOffset now, out WriteCondition unchanged, CancellationToken cancellationToken)
    {
        unchanged = WriteCondition.Always;
        return _entries.TryGetValue(path, out var entry) && now < entry.Until ? entry : null;
    }

    /// <inheritdoc/>
    public WriteCondition Look(string path, CancellationToken cancellationToken) => WriteCondition.Always;

    /// <inheritdoc/>
    public void Keep(string path, CachedResult result, DateTimeOffset now, WriteCondition unchanged, CancellationToken cancellationToken)
    {
        _entries[path] = result;
        if (_entries.Count > _tidyAt)
            Tidy(now);
    }

    // Removes expired entries, each time the cache has doubled, so that the amortized cost is negligible.
    private void Tidy(DateTimeOffset now)
    {
        foreach (var entry in _entries)
        {
            if (entry.Value.Until <= now)
                _entries.TryRemove(entry.Key, out _);
        }

        _tidyAt = Math.Max(FewEntries, _entries.Count * 2);
    }
}
