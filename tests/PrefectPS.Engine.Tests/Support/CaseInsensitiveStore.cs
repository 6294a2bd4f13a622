using System.Collections.Concurrent;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A store with case-insensitive names, like a folder on Windows: an object keeps the name of its first write.</summary>
/// <param name="fold">Maps further equal names to the same text, beyond case.</param>
internal sealed class CaseInsensitiveStore(Func<string, string>? fold = null) : ICaseInsensitiveStore
{
    private readonly IFlowStore _inner = RecordedFlowExtensions.NewStore();
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);

    public bool IgnoresCase => true;

    public string Name => _inner.Name;

    public string Address => _inner.Address;

    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken) => _inner.ReadAsync(NameOf(path), cancellationToken);

    // Each path segment keeps the case of the existing folder.
    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        var written = string.Empty;
        foreach (var part in path.Split('/'))
            written = _names.GetOrAdd(Fold(written.Length == 0 ? part : $"{written}/{part}"), written.Length == 0 ? part : $"{written}/{part}");
        return _inner.WriteAsync(written, content, condition, cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken) => _inner.DeleteAsync(NameOf(path), version, cancellationToken);

    // The listed folder is named as requested; its content as stored.
    public IAsyncEnumerable<StoreEntry> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        return All(cancellationToken)
            .Where(entry => entry.Path.StartsWith(folder, StringComparison.OrdinalIgnoreCase))
            .Select(entry => entry with { Path = folder + entry.Path[folder.Length..] })
            .Where(entry => entry.Path.StartsWith(prefix, StringComparison.Ordinal))
            .AsAsync(cancellationToken);
    }

    private IReadOnlyList<StoreEntry> All(CancellationToken cancellationToken) => [.. _inner.ListAsync(string.Empty, cancellationToken).Wait()];

    private string Fold(string path) => fold is null ? path : fold(path);

    private string NameOf(string path) => _names.TryGetValue(Fold(path), out var name) ? name : path;
}
