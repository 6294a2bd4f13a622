using System.Collections.Concurrent;
using System.Globalization;

namespace PrefectPS.Storage;

/// <summary>A store in the memory of this process, for its lifetime.</summary>
public sealed class MemoryStore : ILocalStore, IFolderLister
{
    private static readonly ConcurrentDictionary<string, MemoryStore> Shared = new(StringComparer.Ordinal);

    private readonly SortedDictionary<string, Item> _items = new(StringComparer.Ordinal);
    private long _writes;

    private MemoryStore(string name) => Address = Name = $"memory:{name}";

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Address { get; }

    /// <summary>Gets the store with this name, shared within the process.</summary>
    public static MemoryStore Named(string name) => Shared.GetOrAdd(name, each => new(each));

    /// <inheritdoc/>
    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var key = StorePath.Check(path);
        lock (_items)
        {
            return new(_items.TryGetValue(key, out var item)
                ? new StoredObject(new MemoryStream(item.Content, writable: false), item.Content.Length, () => item.Version)
                : null);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var key = StorePath.Check(path);
        using var buffer = new MemoryStream();
        await content.CopyToAsync(buffer, 81920, cancellationToken);
        lock (_items)
        {
            var version = _items.TryGetValue(key, out var old) ? old.Version : null;
            if (condition.IsAbsent ? version is not null : condition.Version is { } wanted && version != wanted)
                throw ProviderErrors.StoreConflict(Name, path, condition);
            var item = new Item(buffer.ToArray(), (++_writes).ToString(CultureInfo.InvariantCulture), DateTimeOffset.UtcNow);
            _items[key] = item;
            return item.Version;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var key = StorePath.Check(path);
        lock (_items)
        {
            if (version is not null && _items.TryGetValue(key, out var item) && item.Version != version)
                throw ProviderErrors.StoreConflict(Name, path, WriteCondition.IfVersion(version));
            return new(_items.Remove(key));
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoreEntry> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var start = StorePath.CheckPrefix(prefix);
        lock (_items)
        {
            StoreEntry[] entries =
            [
                .. _items.Where(item => item.Key.StartsWith(start, StringComparison.Ordinal))
                    .Select(item => new StoreEntry(item.Key, item.Value.Content.Length, item.Value.LastModified)),
            ];
            return entries.AsAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FoldersIn(string folder)
    {
        lock (_items)
        {
            return
            [
                .. _items.Keys.Where(key => key.StartsWith(folder, StringComparison.Ordinal) && key.IndexOf('/', folder.Length) > 0)
                    .Select(key => key.Substring(folder.Length, key.IndexOf('/', folder.Length) - folder.Length)).Distinct(StringComparer.Ordinal),
            ];
        }
    }

    private sealed record Item(byte[] Content, string Version, DateTimeOffset LastModified);
}
