namespace PrefectPS.Http.Listening;

/// <summary>Authenticates callers by a shared secret, as a bearer token or in its own header.</summary>
internal sealed class SecretAuthenticator(string secret) : IRequestAuthenticator
{
    public bool AuthenticatesByHeaders => true;

    public ValueTask<bool> AuthenticateHeadersAsync(Func<string, string?> header, CancellationToken cancellationToken) =>
        new((header(MessageHeaders.Secret) ?? BearerToken.Of(header)) is { } given && FixedTimeText.AreEqual(given, secret));

    public string? CallerOf(Func<string, string?> header) => null;

    public bool AuthenticateBody(Func<string, string?> header, byte[] body) => true;

    public string? IdOf(Func<string, string?> header) => null;
}
