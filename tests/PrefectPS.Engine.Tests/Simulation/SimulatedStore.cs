using System.Globalization;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>The objects of a store that several processes share, by the simulation's clock, and what was done to them by whom.</summary>
internal sealed class SimulatedStore(SimulatedWorld world)
{
    public const string Name = "simulated";

    private readonly SortedDictionary<string, Item> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<(SimulatedProcess, string), string?> _seen = [];
    private int _versions;

    /// <summary>The paths of all objects, in order.</summary>
    public IReadOnlyCollection<string> Paths => _items.Keys;

    /// <summary>The incarnation that the head of a run names; null for no run.</summary>
    public string? IncarnationOf(string runId) =>
        _items.GetValueOrDefault($"runs/{FlowShape.Name}/{runId}/head.json") is { } head
            ? System.Text.Json.JsonDocument.Parse(head.Content).RootElement.GetProperty(PrefectPS.Documents.RecordKeys.Incarnation).GetString()
            : null;

    /// <summary>The operation that wrote the last record of the run that exists; null for none.</summary>
    public Operation? LastRecorder(string runId) =>
        IncarnationOf(runId) is { } incarnation
            ? _items.LastOrDefault(item => item.Key.StartsWith($"runs/{FlowShape.Name}/{runId}/{incarnation}/journal/", StringComparison.Ordinal)).Value?.Operation
            : null;

    /// <summary>Objects that a process replaced although another had written them since it last looked.</summary>
    public List<BlindWrite> BlindWrites { get; } = [];

    public StoredObject? Read(SimulatedProcess process, string path)
    {
        var item = _items.GetValueOrDefault(path);
        _seen[(process, path)] = item?.Version;
        return item is null ? null : new(new MemoryStream(item.Content, writable: false), item.Content.Length, () => item.Version);
    }

    /// <summary>Writes an object for an operation, which may have ended by now.</summary>
    public string Write(SimulatedProcess process, Operation? operation, string path, byte[] content, WriteCondition condition)
    {
        var old = _items.GetValueOrDefault(path);
        if (condition.IsAbsent ? old is not null : condition.Version is { } wanted && old?.Version != wanted)
            throw ProviderErrors.StoreConflict(Name, path, condition);
        NoteBlindWrite(process, path, old);
        var item = new Item(content, (++_versions).ToString(CultureInfo.InvariantCulture), world.Now, process, operation);
        _items[path] = item;
        _seen[(process, path)] = item.Version;
        world.NoteChange(operation, path, isWrite: true);
        return item.Version;
    }

    public bool Delete(Operation? operation, string path, string? version)
    {
        if (!_items.TryGetValue(path, out var item))
            return false;
        if (version is not null && item.Version != version)
            throw ProviderErrors.StoreConflict(Name, path, WriteCondition.IfVersion(version));
        world.NoteChange(operation, path, isWrite: false);
        return _items.Remove(path);
    }

    public StoreEntry[] List(string prefix) =>
    [
        .. _items.Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(item => new StoreEntry(item.Key, item.Value.Content.Length, item.Value.Written)),
    ];

    /// <summary>Looks what comes of it if an object is lost; afterwards all objects are as before.</summary>
    public void Without(string path, Action look)
    {
        var items = _items.ToArray();
        _items.Remove(path);
        look();
        _items.Clear();
        foreach (var (key, item) in items)
            _items.Add(key, item);
    }

    private void NoteBlindWrite(SimulatedProcess process, string path, Item? old)
    {
        if (old is not null && old.Writer != process && (_seen.GetValueOrDefault((process, path)) != old.Version || IsSuccessor(old.Operation, process.Operation)))
            BlindWrites.Add(new(path, process, old.Writer));
    }

    private static bool IsSuccessor(Operation? other, Operation? operation) =>
        other is { Kind: OperationKind.Step } && operation is { Kind: OperationKind.Step } && other.RunId == operation.RunId && other.Opened > operation.Opened;

    private sealed record Item(byte[] Content, string Version, DateTimeOffset Written, SimulatedProcess Writer, Operation? Operation);
}
