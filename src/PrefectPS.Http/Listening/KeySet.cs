using Microsoft.IdentityModel.Tokens;

namespace PrefectPS.Http.Listening;

/// <summary>The keys of an issuer, read again when they are old, or when a token names one that is not among them.</summary>
internal sealed class KeySet(Uri address, TimeProvider clock)
{
    private const int MaxBytes = 256 * 1024;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    // However many tokens name keys that nobody knows.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(30);

    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = MaxBytes };

    private readonly object _gate = new();
    private Task<IReadOnlyList<SecurityKey>> _keys = Task.FromResult<IReadOnlyList<SecurityKey>>([]);
    private DateTimeOffset _tried = DateTimeOffset.MinValue;

    /// <summary>The keys of an id; none where there is no such key now.</summary>
    public async ValueTask<IReadOnlyList<SecurityKey>> FindAsync(string id)
    {
        var keys = await Current(Lifetime);
        if (!keys.Any(IsOfId))
            keys = await Current(ShortestPause);
        return [.. keys.Where(IsOfId)];

        bool IsOfId(SecurityKey key) => key.KeyId == id;
    }

    // The keys, read again if they are older than that. Whoever asks meanwhile waits for the same answer.
    private Task<IReadOnlyList<SecurityKey>> Current(TimeSpan age)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_keys.IsCompleted && now - _tried > age)
            {
                _tried = now;
                _keys = ReadAsync(_keys.Result);
            }

            return _keys;
        }
    }

    // Keys that cannot be read again are good for as long as they were before.
    private async Task<IReadOnlyList<SecurityKey>> ReadAsync(IReadOnlyList<SecurityKey> before)
    {
        try
        {
            return [.. new JsonWebKeySet(await Client.GetStringAsync(address)).GetSigningKeys()];
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ArgumentException)
        {
            return before;
        }
    }
}
