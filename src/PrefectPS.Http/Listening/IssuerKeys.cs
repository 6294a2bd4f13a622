using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace PrefectPS.Http.Listening;

/// <summary>An issuer's signing keys, cached and refreshed hourly by the configuration manager.</summary>
/// <remarks>
/// By itself the manager does not throttle after a failed refresh or before its first success, and a requested refresh returns before it
/// has completed. So it reads through a <see cref="KeyReader"/>, which throttles attempts, and a token with an unknown key
/// id waits for that attempt.
/// </remarks>
internal sealed class IssuerKeys
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly string _address;
    private readonly KeyDocumentRetriever _documents;
    private readonly KeyReader _reader;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _inUse;

    public IssuerKeys(TokenOptions options, TimeProvider clock)
    {
        _address = options.KeysUrl.AbsoluteUri;
        _documents = new(options.KeysTimeout);
        _reader = new(options.KeysPause, clock, options.KeysMissing);
        _inUse = new(_address, _reader, _documents, new KeyValidator())
        {
            AutomaticRefreshInterval = Lifetime,
            RefreshInterval = BaseConfigurationManager.MinimumRefreshInterval, // the reader throttles longer
        };
    }

    /// <summary>Finds the keys with an id; none where the issuer has no such key or is unreachable.</summary>
    public async ValueTask<IReadOnlyList<SecurityKey>> FindAsync(string id, CancellationToken cancellationToken)
    {
        var inUse = await GetInUseAsync(cancellationToken);
        var found = WithId(id, inUse);
        if (found.Count > 0)
            return found;
        var newest = await _reader.ReadAsync(_address, _documents);
        if (newest is not null && newest != inUse)
            _inUse.RequestRefresh(); // adopts the keys just read, if valid
        return WithId(id, newest);
    }

    private static IReadOnlyList<SecurityKey> WithId(string id, OpenIdConnectConfiguration? configuration) =>
        configuration is null ? [] : [.. configuration.SigningKeys.Where(key => key.KeyId == id)];

    private async Task<OpenIdConnectConfiguration?> GetInUseAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _inUse.GetConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException)
        {
            return null; // no valid keys yet
        }
    }
}
