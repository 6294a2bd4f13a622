using System.Runtime.CompilerServices;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A store whose process is killed at one of its calls; later calls fail.</summary>
/// <param name="inner">The underlying store.</param>
/// <param name="call">Number of the call, from 1; 0 for none.</param>
/// <param name="isAfter">Whether the process is killed after the call took effect.</param>
internal sealed class DyingStore(IFlowStore inner, int call, bool isAfter) : IFlowStore
{
    private int _calls;

    public string Name => inner.Name;

    public string Address => inner.Address;

    /// <summary>The process has ended: the test may inspect what it left.</summary>
    public bool HasEnded { get; set; }

    /// <summary>True if the process was killed between two calls.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Kills the process between two calls.</summary>
    public void Kill() => IsDead = true;

    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken) =>
        CallAsync(async () => await inner.ReadAsync(path, cancellationToken));

    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken) =>
        CallAsync(async () => await inner.WriteAsync(path, content, condition, cancellationToken));

    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken) =>
        CallAsync(async () => await inner.DeleteAsync(path, version, cancellationToken));

    public async IAsyncEnumerable<StoreEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entries = await CallAsync(() => Task.FromResult(inner.ListAsync(prefix, cancellationToken)));
        await foreach (var entry in entries)
            yield return entry;
    }

    private async ValueTask<T> CallAsync<T>(Func<Task<T>> callInner)
    {
        var number = Interlocked.Increment(ref _calls);
        if (IsDead)
            throw new ProcessKilledException();
        if (call == 0 || number < call || HasEnded)
            return await callInner();
        if (number == call && isAfter)
            await callInner();
        throw new ProcessKilledException();
    }
}
