using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>What tests of errors have in common.</summary>
public abstract class StoreErrorTests
{
    /// <summary>Gives up soon.</summary>
    private protected static readonly StoreRetry Hasty = new()
    {
        Tries = 3,
        FirstDelay = TimeSpan.FromMilliseconds(1),
        MaxDelay = TimeSpan.FromMilliseconds(2),
        TryTime = TimeSpan.FromMilliseconds(500),
        TotalTime = TimeSpan.FromSeconds(20),
    };

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Every operation of the store is the one error: with the store, the operation, the path, and the reason; without the secret.</summary>
    private protected static async Task AssertFailsAsync(IFlowStore store, string reason, string? secret = null, bool isTransient = false)
    {
        foreach (var (operation, call) in Operations(store))
        {
            var error = await Assert.ThrowsAsync<FlowException>(call);
            Assert.Equal(FlowErrorId.StoreFailed, error.Id);
            Assert.StartsWith($"The store '{store.Name}' failed to {operation}: ", error.Message, StringComparison.Ordinal);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
            Assert.True(isTransient == error.IsTransient, error.Message);
            if (secret is not null)
                Assert.DoesNotContain(secret, error.ToString(), StringComparison.Ordinal);
        }
    }

    private protected static IEnumerable<(string Operation, Func<Task> Call)> Operations(IFlowStore store) =>
    [
        ("read 'a/x'", async () => await store.ReadAsync("a/x", Stop)),
        ("write 'a/x'", async () => await store.WriteAsync("a/x", new byte[1], WriteCondition.Always, Stop)),
        ("write 'a/y'", async () => await store.WriteAsync("a/y", new byte[1], WriteCondition.IfAbsent, Stop)),
        ("write 'a/x'", async () => await store.WriteAsync("a/x", new ForwardStream(5_000_000), WriteCondition.Always, Stop)),
        ("delete 'a/x'", async () => await store.DeleteAsync("a/x", null, Stop)),
        ("list 'a'", async () => await ListAsync(store, "a")),
    ];

    private protected static async Task<List<string>> ListAsync(IFlowStore store, string prefix)
    {
        var paths = new List<string>();
        await foreach (var entry in store.ListAsync(prefix, Stop))
            paths.Add(entry.Path);
        return paths;
    }
}
