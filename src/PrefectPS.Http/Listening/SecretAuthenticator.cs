namespace PrefectPS.Http.Listening;

/// <summary>Authenticates callers by a shared secret, as a bearer token or in its own header.</summary>
public sealed class SecretAuthenticator(string secret) : IRequestAuthenticator
{
    /// <inheritdoc/>
    public bool AuthenticatesByHeaders => true;

    /// <inheritdoc/>
    public ValueTask<bool> AuthenticateHeadersAsync(Func<string, string?> header, CancellationToken cancellationToken) =>
        new((header(MessageHeaders.Secret) ?? BearerToken.Of(header)) is { } given && FixedTimeText.AreEqual(given, secret));

    /// <inheritdoc/>
    public string? CallerOf(Func<string, string?> header) => null;

    /// <inheritdoc/>
    public bool AuthenticateBody(Func<string, string?> header, byte[] body) => true;

    /// <inheritdoc/>
    public string? IdOf(Func<string, string?> header) => null;
}
