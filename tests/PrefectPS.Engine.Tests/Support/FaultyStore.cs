using System.Runtime.CompilerServices;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A store with injected faults. It counts calls from 1: each read, write, delete and listing is one.</summary>
/// <param name="inner">The underlying store.</param>
internal sealed class FaultyStore(IFlowStore inner) : IFlowStore
{
    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(30);

    private readonly Dictionary<int, InjectedFault> _mishaps = [];
    private readonly List<string> _calls = [];

    public string Name => inner.Name;

    public string Address => inner.Address;

    /// <summary>The calls so far, such as <c>write runs/x/state.json</c>.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_calls)
                return [.. _calls];
        }
    }

    /// <summary>True if all other calls are unavailable.</summary>
    public bool IsDown { get; set; }

    /// <summary>Injects a fault into a call.</summary>
    /// <param name="call">Number of the call, from 1.</param>
    /// <param name="mishap">The fault.</param>
    /// <returns>This store.</returns>
    public FaultyStore At(int call, InjectedFault mishap)
    {
        _mishaps[call] = mishap;
        return this;
    }

    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken) =>
        CallAsync("read", path, async mishap =>
        {
            var found = await inner.ReadAsync(path, cancellationToken);
            if (found is null || mishap != InjectedFault.TruncatedRead)
                return found;
            var half = new MemoryStream((await found.ReadAllAsync(cancellationToken))[..(int)(found.Length / 2)]);
            return new StoredObject(new StoredContent(half, found.Length, Name, path, _ => null), found.Length, () => found.Version);
        });

    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken) =>
        CallAsync("write", path, async _ => await inner.WriteAsync(path, content, condition, cancellationToken));

    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken) =>
        CallAsync("delete", path, async _ => await inner.DeleteAsync(path, version, cancellationToken));

    public async IAsyncEnumerable<StoreEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entries = await CallAsync("list", prefix, async _ =>
        {
            var all = new List<StoreEntry>();
            await foreach (var entry in inner.ListAsync(prefix, cancellationToken))
                all.Add(entry);
            return all;
        });
        foreach (var entry in entries)
            yield return entry;
    }

    private async ValueTask<T> CallAsync<T>(string operation, string path, Func<InjectedFault?, Task<T>> call)
    {
        var mishap = Take(operation, path);
        if (mishap == InjectedFault.Slow)
            await Task.Delay(Slowness);
        if (FaultBefore(mishap) is { } before)
            throw ProviderErrors.StoreFailed(Name, operation, path, before);
        var result = await call(mishap);
        if (mishap == InjectedFault.LostAnswer)
        {
            (result as IDisposable)?.Dispose();
            throw ProviderErrors.StoreFailed(Name, operation, path, StoreFault.NoAnswer(TimeSpan.FromSeconds(30)));
        }

        return result;
    }

    private InjectedFault? Take(string operation, string path)
    {
        lock (_calls)
        {
            _calls.Add($"{operation} {path}");
            return _mishaps.TryGetValue(_calls.Count, out var mishap) ? mishap : IsDown ? InjectedFault.Unavailable : null;
        }
    }

    private static StoreFault? FaultBefore(InjectedFault? mishap) => mishap switch
    {
        InjectedFault.Refused => new("it answered 403", IsTransient: false),
        InjectedFault.NoAnswer => StoreFault.NoAnswer(TimeSpan.FromSeconds(30)),
        InjectedFault.Throttled => new("it answered 429", IsTransient: true),
        InjectedFault.Unavailable => new("it answered 503", IsTransient: true),
        _ => null,
    };
}
