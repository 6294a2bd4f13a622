namespace PrefectPS.Http.Listening;

/// <summary>Authenticates requests.</summary>
public interface IRequestAuthenticator
{
    /// <summary>True if the headers alone authenticate a request; otherwise its body is read first.</summary>
    bool AuthenticatesByHeaders { get; }

    /// <summary>Authenticates the headers, before the body is read.</summary>
    /// <param name="header">Gets a header's value; null for none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Whether the body may be read.</returns>
    ValueTask<bool> AuthenticateHeadersAsync(Func<string, string?> header, CancellationToken cancellationToken);

    /// <summary>Authenticates the whole request.</summary>
    /// <param name="header">Gets a header's value; null for none.</param>
    /// <param name="body">The body.</param>
    /// <returns>Whether the request is authentic.</returns>
    bool AuthenticateBody(Func<string, string?> header, byte[] body);

    /// <summary>The authenticated caller; null where the scheme does not identify one.</summary>
    /// <param name="header">Gets a header's value; null for none.</param>
    string? CallerOf(Func<string, string?> header);

    /// <summary>An id that is the same when the same request is repeated; null where the scheme has none.</summary>
    /// <param name="header">Gets a header's value; null for none.</param>
    string? IdOf(Func<string, string?> header);
}
