using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Store connection of a process whose calls are cheap, as for a folder.</summary>
internal sealed class LocalConnection(StoreConnection store) : ILocalStore
{
    public string Name => store.Name;

    public string Address => store.Address;

    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken) => store.ReadAsync(path, cancellationToken);

    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken) =>
        store.WriteAsync(path, content, condition, cancellationToken);

    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken) => store.DeleteAsync(path, version, cancellationToken);

    public IAsyncEnumerable<StoreEntry> ListAsync(string prefix, CancellationToken cancellationToken) => store.ListAsync(prefix, cancellationToken);
}
