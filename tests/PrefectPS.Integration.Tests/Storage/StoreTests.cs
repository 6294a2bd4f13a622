using System.Security.Cryptography;
using System.Text;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>What tests of a store have in common: an empty one, and short ways to use it.</summary>
public abstract class StoreTests : IAsyncLifetime
{
    // Beyond what goes in one request.
    private protected const int Large = (9 * 1024 * 1024) + 1;

    // What goes in one request.
    private protected const int Block = 4 * 1024 * 1024;

    private IFlowStore? _store;

    /// <summary>The store, which was empty when the test began.</summary>
    private protected IFlowStore Store => _store!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An empty store that no other test uses.</summary>
    private protected abstract ValueTask<IFlowStore> CreateAsync();

    /// <summary>The store of an address, as another process would open it.</summary>
    private protected abstract IFlowStore Open(string address);

    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>A large object is written and read while little of it is in memory.</summary>
    private protected async Task AssertStreamsAsync()
    {
        const int Size = 128 * 1024 * 1024, Most = Size / 2;
        var (before, grown) = (GC.GetTotalMemory(forceFullCollection: true), 0L);
        using var content = new ForwardStream(Size) { At = (Size * 3L / 4, Look) };
        await Store.WriteAsync("x", content, WriteCondition.Always, Stop);

        using var found = (await Store.ReadAsync("x", Stop))!;
        var buffer = new byte[1024 * 1024];
        for (long left = Size; left > 0;)
        {
            var read = await found.Content.ReadAtLeastAsync(buffer, (int)Math.Min(left, buffer.Length), cancellationToken: Stop);
            left -= read;
            if (left == Size / 4)
                Look();
        }

        Assert.InRange(grown, 0, Most);

        void Look() => grown = Math.Max(grown, GC.GetTotalMemory(forceFullCollection: true) - before);
    }

    private protected ValueTask<string> WriteAsync(string path, string content, WriteCondition condition = default) =>
        Store.WriteAsync(path, Encoding.UTF8.GetBytes(content), condition, Stop);

    private protected Task<string?> ReadAsync(string path) => ReadAsync(Store, path);

    private protected async Task<List<string>> ListAsync(string prefix = "") => [.. (await EntriesAsync(prefix)).Select(entry => entry.Path)];

    private protected static async Task<string?> ReadAsync(IFlowStore store, string path)
    {
        using var found = await store.ReadAsync(path, Stop);
        return found is null ? null : Encoding.UTF8.GetString(await found.ReadAllAsync(Stop));
    }

    private protected static void AssertSame(byte[] expected, byte[] actual) =>
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"The content differs, or its size: {actual.Length} for {expected.Length}.");

    private protected static async Task AssertErrorAsync(string id, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<FlowException>(action);
        Assert.True(error.Id == id, $"{error.Id}: {error.Message}");
    }

    private protected async Task<byte[]> BytesAsync(string path)
    {
        using var found = (await Store.ReadAsync(path, Stop))!;
        return await found.ReadAllAsync(Stop);
    }

    private protected async Task<List<StoreEntry>> EntriesAsync(string prefix = "")
    {
        var entries = new List<StoreEntry>();
        await foreach (var entry in Store.ListAsync(prefix, Stop))
            entries.Add(entry);
        return entries;
    }

    private protected async Task AssertKeptAsync(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        await Store.WriteAsync("x", content, WriteCondition.Always, Stop);

        using var found = (await Store.ReadAsync("x", Stop))!;

        Assert.Equal(size, found.Length);
        AssertSame(content, await found.ReadAllAsync(Stop));
        Assert.Equal(size, Assert.Single(await EntriesAsync()).Length);
    }
}
