namespace PrefectPS.Google;

/// <summary>
/// A client that connects when it is first asked for, and again when it next is where that failed: credentials are looked for then, which may
/// mean asking the machine's metadata server.
/// </summary>
/// <param name="connect">Connects it.</param>
internal sealed class LateClient<TClient>(Func<CancellationToken, Task<TClient>> connect)
    where TClient : class, IDisposable
{
    private TClient? _client;

    /// <summary>The client. Whoever asks while another connects it does so himself: nobody's call ends because another's is stopped.</summary>
    public async ValueTask<TClient> GetAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _client) is { } known)
            return known;
        var connected = await connect(cancellationToken);
        if (Interlocked.CompareExchange(ref _client, connected, null) is not { } first)
            return connected;
        connected.Dispose(); // someone else was quicker
        return first;
    }
}
