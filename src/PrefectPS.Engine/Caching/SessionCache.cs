using System.Collections.Concurrent;
using PrefectPS.Storage;

namespace PrefectPS.Caching;

/// <summary>Results kept in memory, the very objects, for as long as the session lasts. For flows without a store.</summary>
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

    // What nobody asks for again would stay for ever. Done at twice the number each time, it costs next to nothing.
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
