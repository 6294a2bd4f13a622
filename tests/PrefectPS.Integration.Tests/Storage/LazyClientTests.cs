using PrefectPS.Google;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>A client of a cloud service is connected by the calls that need it.</summary>
public sealed class LazyClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancelling_a_connecting_call_cancels_no_other()
    {
        using var answer = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        var client = new LazyClient<Client>(async token =>
        {
            await answer.WaitAsync(token);
            return new();
        });
        var (stopped, other) = (client.GetAsync(stop.Token).AsTask(), client.GetAsync(Stop).AsTask());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stopped);
        answer.Release();
        Assert.NotNull(await other);
    }

    [Fact]
    public async Task A_failed_connection_is_retried_by_the_next_call()
    {
        var tries = 0;
        var client = new LazyClient<Client>(_ => ++tries == 1 ? throw new IOException("not now") : Task.FromResult(new Client()));
        await Assert.ThrowsAsync<IOException>(async () => await client.GetAsync(Stop));
        var found = await client.GetAsync(Stop);
        Assert.Same(found, await client.GetAsync(Stop));
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task Of_concurrent_connections_one_is_kept_and_the_others_are_closed()
    {
        using var answer = new SemaphoreSlim(0);
        var made = new List<Client>();
        var client = new LazyClient<Client>(async token =>
        {
            await answer.WaitAsync(token);
            var one = new Client();
            lock (made)
                made.Add(one);
            return one;
        });
        var calls = Enumerable.Range(0, 3).Select(_ => client.GetAsync(Stop).AsTask()).ToArray();
        answer.Release(calls.Length);
        var kept = Assert.Single((await Task.WhenAll(calls)).Distinct());
        Assert.Equal(made.Where(one => one != kept), made.Where(one => one.IsClosed));
    }

    private sealed class Client : IDisposable
    {
        public bool IsClosed { get; private set; }

        public void Dispose() => IsClosed = true;
    }
}
