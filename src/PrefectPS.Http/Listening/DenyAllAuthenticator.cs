namespace PrefectPS.Http.Listening;

/// <summary>Rejects all requests, for a listener that only serves links.</summary>
internal sealed class DenyAllAuthenticator : IRequestAuthenticator
{
    public bool AuthenticatesByHeaders => true;

    public ValueTask<bool> AuthenticateHeadersAsync(Func<string, string?> header, CancellationToken cancellationToken) => new(false);

    public string? CallerOf(Func<string, string?> header) => null;

    public bool AuthenticateBody(Func<string, string?> header, byte[] body) => false;

    public string? IdOf(Func<string, string?> header) => null;
}
