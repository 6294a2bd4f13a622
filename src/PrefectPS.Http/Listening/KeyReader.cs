using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace PrefectPS.Http.Listening;

/// <summary>Reads an issuer's keys at most once per interval; callers in between get the last result.</summary>
internal sealed class KeyReader(TimeSpan pause, TimeProvider clock, Action<string>? missing = null)
    : IConfigurationRetriever<OpenIdConnectConfiguration>
{
    private readonly object _gate = new();
    private Task<OpenIdConnectConfiguration?> _last = Task.FromResult<OpenIdConnectConfiguration?>(null);
    private long? _tried;
    private IReadOnlyList<SecurityKey> _known = [];
    private bool _isMissing;

    /// <exception cref="InvalidOperationException">The last attempt failed.</exception>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(
        string address, IDocumentRetriever retriever, CancellationToken cancel) =>
            await ReadAsync(address, retriever) ?? throw new InvalidOperationException($"There is no key set at {address} now.");

    /// <summary>The keys as of the last attempt; null where it failed.</summary>
    public Task<OpenIdConnectConfiguration?> ReadAsync(string address, IDocumentRetriever retriever)
    {
        lock (_gate)
        {
            if (_last.IsCompleted && (_tried is not { } tried || clock.GetElapsedTime(tried) >= pause))
            {
                _tried = clock.GetTimestamp();
                _last = TryReadAsync(address, retriever);
            }

            return _last;
        }
    }

    // A key server's response must not fail a request.
    private async Task<OpenIdConnectConfiguration?> TryReadAsync(string address, IDocumentRetriever retriever)
    {
        try
        {
            var answer = KeyDocument.Parse(await retriever.GetDocumentAsync(address, CancellationToken.None));
            var configuration = new OpenIdConnectConfiguration();
            var kept = answer.IsWhole ? [] : _known.Where(known => answer.Keys.All(key => key.KeyId != known.KeyId));
            foreach (var key in answer.Keys.Concat(kept))
                configuration.SigningKeys.Add(key);
            if (answer.Keys.Count > 0)
            {
                _known = [.. configuration.SigningKeys];
                _isMissing = false;
            }
            else
            {
                SayMissing(address, "its answer has no key to verify signatures with");
            }

            return configuration;
        }
        catch (Exception e)
        {
            SayMissing(address, e.GetBaseException().Message);
            return null;
        }
    }

    // Attempts do not overlap. Warns once until keys are available again, to not flood the log.
    private void SayMissing(string address, string reason)
    {
        if (!_isMissing)
            missing?.Invoke($"The issuer's keys cannot be read from -KeysUrl {address}: {reason.TrimEnd('.')}.");
        _isMissing = true;
    }
}
