using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A store whose clock is controlled by the test.</summary>
/// <param name="inner">The underlying store.</param>
/// <param name="clock">The store's clock.</param>
internal sealed class ClockedStore(IFlowStore inner, TimeProvider clock) : IFlowStore
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _written = new(StringComparer.Ordinal);

    public string Name => inner.Name;

    public string Address => inner.Address;

    /// <summary>Sets the time of an object's last write.</summary>
    public void Date(string path, DateTimeOffset time) => _written[path] = time;

    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken) => inner.ReadAsync(path, cancellationToken);

    public async ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        var version = await inner.WriteAsync(path, content, condition, cancellationToken);
        _written[path] = clock.GetUtcNow();
        return version;
    }

    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken) => inner.DeleteAsync(path, version, cancellationToken);

    public async IAsyncEnumerable<StoreEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in inner.ListAsync(prefix, cancellationToken))
            yield return _written.TryGetValue(entry.Path, out var time) ? entry with { LastModified = time } : entry;
    }
}
