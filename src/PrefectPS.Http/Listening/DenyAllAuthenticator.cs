namespace PrefectPS.Http.Listening;

/// <summary>Rejects all requests, for a listener that only serves links.</summary>
public sealed class DenyAllAuthenticator : IRequestAuthenticator
{
    /// <inheritdoc/>
    public bool AuthenticatesByHeaders => true;

    /// <inheritdoc/>
    public ValueTask<bool> AuthenticateHeadersAsync(Func<string, string?> header, CancellationToken cancellationToken) => new(false);

    /// <inheritdoc/>
    public string? CallerOf(Func<string, string?> header) => null;

    /// <inheritdoc/>
    public bool AuthenticateBody(Func<string, string?> header, byte[] body) => false;

    /// <inheritdoc/>
    public string? IdOf(Func<string, string?> header) => null;
}
