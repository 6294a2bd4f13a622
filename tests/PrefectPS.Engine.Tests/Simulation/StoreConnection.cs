using System.Runtime.CompilerServices;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Store connection of a process: the scheduler decides at each call.</summary>
internal sealed class StoreConnection(SimulatedWorld world, SimulatedProcess process) : IFlowStore
{
    public string Name => SimulatedStore.Name;

    public string Address => "memory://simulated";

    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken) =>
        Call("read", path, () => world.Store.Read(process, path), cancellationToken);

    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        var (bytes, operation) = (BytesOf(content), process.Operation);
        return Call("write", path, () => world.Store.Write(process, operation, path, bytes, condition), cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken)
    {
        var operation = process.Operation;
        return Call("delete", path, () => world.Store.Delete(operation, path, version), cancellationToken);
    }

    public async IAsyncEnumerable<StoreEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var entry in await Call("list", prefix, () => world.Store.List(prefix), cancellationToken))
            yield return entry;
    }

    private static byte[] BytesOf(Stream content)
    {
        using var buffer = new MemoryStream();
        content.CopyTo(buffer);
        return buffer.ToArray();
    }

    private ValueTask<T> Call<T>(string name, string path, Func<T> effect, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var verdict = world.Pass(process, new(name, path));
        if (verdict == MoveKind.Stray)
            world.AddStray(() => effect());
        if (verdict is MoveKind.Go)
            return new(effect());
        if (verdict == MoveKind.Lose)
            TakeEffect(effect);
        process.HasMetFault = true;
        throw ProviderErrors.StoreFailed(Name, name, path, StoreFault.NoAnswer(TimeSpan.FromSeconds(30)));
    }

    // A refusal is lost like any other response.
    private static void TakeEffect<T>(Func<T> effect)
    {
        try
        {
            effect();
        }
        catch (FlowException)
        {
        }
    }
}
