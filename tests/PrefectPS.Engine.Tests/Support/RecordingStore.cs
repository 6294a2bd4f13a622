using System.Text;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>An in-memory store that remembers everything ever written to it, with paths.</summary>
internal sealed class RecordingStore : IFlowStore
{
    private readonly IFlowStore _inner = RecordedFlowExtensions.NewStore();

    /// <summary>All written versions of objects, by path.</summary>
    public List<(string Path, string Content)> Written { get; } = [];

    public string Name => _inner.Name;

    public string Address => _inner.Address;

    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken) => _inner.ReadAsync(path, cancellationToken);

    public async ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        lock (Written)
            Written.Add((path, Encoding.UTF8.GetString(copy.ToArray())));
        copy.Position = 0;
        return await _inner.WriteAsync(path, copy, condition, cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken) => _inner.DeleteAsync(path, version, cancellationToken);

    public IAsyncEnumerable<StoreEntry> ListAsync(string prefix, CancellationToken cancellationToken) => _inner.ListAsync(prefix, cancellationToken);
}
