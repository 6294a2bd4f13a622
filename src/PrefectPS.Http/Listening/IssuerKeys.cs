using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace PrefectPS.Http.Listening;

/// <summary>The signing keys of an issuer. The configuration manager keeps those in use and refreshes them every hour.</summary>
/// <remarks>
/// The manager alone has no pause after a failed refresh, nor before its first success, and its refresh on demand returns before it
/// has ended. So all its reads go through a <see cref="KeyReader"/>, which makes one attempt a pause, and a token with an unknown key
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
            RefreshInterval = BaseConfigurationManager.MinimumRefreshInterval, // the reader's pause is the longer one
        };
    }

    /// <summary>The keys with an id; none where the issuer has no such key now, or cannot be asked.</summary>
    public async ValueTask<IReadOnlyList<SecurityKey>> FindAsync(string id, CancellationToken cancellationToken)
    {
        var inUse = await GetInUseAsync(cancellationToken);
        var found = WithId(id, inUse);
        if (found.Count > 0)
            return found;
        var newest = await _reader.ReadAsync(_address, _documents);
        if (newest is not null && newest != inUse)
            _inUse.RequestRefresh(); // takes over what has just been read, if it is valid
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
            return null; // there has been no usable answer yet
        }
    }
}
