using System.Runtime.CompilerServices;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A store that counts requests and transferred bytes.</summary>
/// <param name="inner">The underlying store.</param>
internal sealed class MeasuredStore(IFlowStore inner) : IFlowStore
{
    private int _reads;
    private long _bytesRead;
    private int _lists;
    private int _deletes;

    public string Name => inner.Name;

    public string Address => inner.Address;

    /// <summary>Number of reads.</summary>
    public int Reads => _reads;

    /// <summary>Read paths, existing or not.</summary>
    public List<string> ReadPaths { get; } = [];

    /// <summary>Total bytes read.</summary>
    public long BytesRead => _bytesRead;

    /// <summary>Number of listings.</summary>
    public int Lists => _lists;

    /// <summary>Number of deletes.</summary>
    public int Deletes => _deletes;

    /// <summary>Writes: path and size.</summary>
    public List<(string Path, long Bytes)> Writes { get; } = [];

    /// <summary>Number and total bytes of writes whose path contains the text.</summary>
    public (int Count, long Bytes) Written(string part)
    {
        var written = Writes.Where(write => write.Path.Contains(part, StringComparison.Ordinal)).ToArray();
        return (written.Length, written.Sum(write => write.Bytes));
    }

    /// <summary>Resets all counters.</summary>
    public void Clear()
    {
        (_reads, _bytesRead, _lists, _deletes) = (0, 0, 0, 0);
        ReadPaths.Clear();
        Writes.Clear();
    }

    public async ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        lock (ReadPaths)
            ReadPaths.Add(path);
        var found = await inner.ReadAsync(path, cancellationToken);
        Interlocked.Add(ref _bytesRead, found?.Length ?? 0);
        return found;
    }

    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        lock (Writes)
            Writes.Add((path, content.Length));
        return inner.WriteAsync(path, content, condition, cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _deletes);
        return inner.DeleteAsync(path, version, cancellationToken);
    }

    public async IAsyncEnumerable<StoreEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lists);
        await foreach (var entry in inner.ListAsync(prefix, cancellationToken))
            yield return entry;
    }
}
