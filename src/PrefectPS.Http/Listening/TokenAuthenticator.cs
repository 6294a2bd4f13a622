using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace PrefectPS.Http.Listening;

/// <summary>Authenticates callers by an OIDC token of the expected issuer, audience and account.</summary>
public sealed class TokenAuthenticator : IRequestAuthenticator
{
    private static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];

    private readonly TokenOptions _options;
    private readonly IssuerKeys _keys;
    private readonly TimeProvider _clock;
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>Creates the authenticator.</summary>
    /// <param name="options">Which tokens are accepted.</param>
    /// <param name="clock">The clock.</param>
    public TokenAuthenticator(TokenOptions options, TimeProvider clock) => (_options, _clock, _keys) = (options, clock, new(options, clock));

    /// <inheritdoc/>
    public bool AuthenticatesByHeaders => true;

    /// <inheritdoc/>
    public async ValueTask<bool> AuthenticateHeadersAsync(Func<string, string?> header, CancellationToken cancellationToken)
    {
        if (BearerToken.Of(header) is not { } token || KeyIdOf(token) is not { } keyId)
            return false;
        var keys = await _keys.FindAsync(keyId, cancellationToken);
        return keys.Count > 0 && await IsRightAsync(token, keys);
    }

    /// <inheritdoc/>
    public string? CallerOf(Func<string, string?> header) => BearerToken.Of(header) is { } token && _handler.ReadJsonWebToken(token) is var read
        ? (read.TryGetPayloadValue<string>("email", out var email) ? email : read.Subject)
        : null;

    /// <inheritdoc/>
    public bool AuthenticateBody(Func<string, string?> header, byte[] body) => true;

    /// <inheritdoc/>
    public string? IdOf(Func<string, string?> header) => null;

    private string? KeyIdOf(string token)
    {
        try
        {
            return _handler.CanReadToken(token) ? _handler.ReadJsonWebToken(token).Kid : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private async Task<bool> IsRightAsync(string token, IReadOnlyList<SecurityKey> keys)
    {
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAudience = _options.Audience,
            ValidIssuers = _options.Issuers,
            IssuerSigningKeys = keys,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = IsOfNow,
        });
        return result.IsValid && (_options.Account is null || IsOfAccount(result.ClaimsIdentity));
    }

    private bool IsOfNow(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        return expires + _options.ClockSkew >= now && (notBefore is null || notBefore - _options.ClockSkew <= now);
    }

    private bool IsOfAccount(System.Security.Claims.ClaimsIdentity identity) =>
        identity.FindFirst("email")?.Value is { } email && string.Equals(email, _options.Account, StringComparison.OrdinalIgnoreCase)
        && string.Equals(identity.FindFirst("email_verified")?.Value, "true", StringComparison.OrdinalIgnoreCase);
}
