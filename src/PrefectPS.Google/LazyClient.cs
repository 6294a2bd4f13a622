namespace PrefectPS.Google;

/// <summary>A client that connects on first use, and retries after a failure: finding credentials may mean asking the machine's metadata server.</summary>
/// <param name="connect">Connects.</param>
internal sealed class LazyClient<TClient>(Func<CancellationToken, Task<TClient>> connect)
    where TClient : class, IDisposable
{
    private TClient? _client;

    /// <summary>Gets the client. Concurrent first callers each connect, and the first to finish wins: no call fails because another is cancelled.</summary>
    public async ValueTask<TClient> GetAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _client) is { } known)
            return known;
        var connected = await connect(cancellationToken);
        if (Interlocked.CompareExchange(ref _client, connected, null) is not { } first)
            return connected;
        connected.Dispose(); // another caller was faster
        return first;
    }
}
