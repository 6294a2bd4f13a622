using System.Globalization;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>A store shared by the simulated processes, on simulated time. Records who changed what.</summary>
internal sealed class SimulatedStore(SimulatedWorld world)
{
    public const string Name = "simulated";

    private readonly SortedDictionary<string, Item> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<(SimulatedProcess, string), string?> _seen = [];
    private int _versions;

    /// <summary>Sorted paths of all objects.</summary>
    public IReadOnlyCollection<string> Paths => _items.Keys;

    /// <summary>Incarnation in the run's head; null if there is no run.</summary>
    public string? IncarnationOf(string runId) =>
        _items.GetValueOrDefault($"runs/{FlowShape.Name}/{runId}/head.json") is { } head
            ? System.Text.Json.JsonDocument.Parse(head.Content).RootElement.GetProperty(PrefectPS.Documents.RecordKeys.Incarnation).GetString()
            : null;

    /// <summary>Operation that wrote the last record of the existing run; null if none.</summary>
    public Operation? LastRecorder(string runId) =>
        IncarnationOf(runId) is { } incarnation
            ? _items.LastOrDefault(item => item.Key.StartsWith($"runs/{FlowShape.Name}/{runId}/{incarnation}/journal/", StringComparison.Ordinal)).Value?.Operation
            : null;

    /// <summary>Objects that a process replaced without having seen another process's write.</summary>
    public List<BlindWrite> BlindWrites { get; } = [];

    public StoredObject? Read(SimulatedProcess process, string path)
    {
        var item = _items.GetValueOrDefault(path);
        _seen[(process, path)] = item?.Version;
        return item is null ? null : new(new MemoryStream(item.Content, writable: false), item.Content.Length, () => item.Version);
    }

    /// <summary>Writes an object for an operation, which may have ended already.</summary>
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

    /// <summary>Executes an action as if an object were lost, then restores all objects.</summary>
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
