using System.Globalization;

namespace PrefectPS.Http.Listening;

/// <summary>Authenticates callers by an HMAC of timestamp and body, with a recent timestamp.</summary>
/// <param name="key">The key.</param>
/// <param name="clockSkew">The tolerance for clock differences and the request's transit time.</param>
/// <param name="clock">The clock.</param>
public sealed class SignatureAuthenticator(string key, TimeSpan clockSkew, TimeProvider clock) : IRequestAuthenticator
{
    private readonly RequestSignature _signature = new(key);

    /// <inheritdoc/>
    public bool AuthenticatesByHeaders => false;

    /// <inheritdoc/>
    public ValueTask<bool> AuthenticateHeadersAsync(Func<string, string?> header, CancellationToken cancellationToken) =>
        new(header(MessageHeaders.Signature) is not null
            && long.TryParse(header(MessageHeaders.Timestamp), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - seconds) <= clockSkew.TotalSeconds);

    /// <inheritdoc/>
    public string? CallerOf(Func<string, string?> header) => null;

    /// <inheritdoc/>
    public bool AuthenticateBody(Func<string, string?> header, byte[] body) =>
        _signature.IsRight(header(MessageHeaders.Signature)!, header(MessageHeaders.Timestamp)!, body);

    // A repeated request repeats its signature, so that one without a document starts the same run again.
    /// <inheritdoc/>
    public string? IdOf(Func<string, string?> header) => header(MessageHeaders.Signature)?.Substring(RequestSignature.Prefix.Length);
}
