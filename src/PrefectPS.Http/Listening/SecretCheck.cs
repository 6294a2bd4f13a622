namespace PrefectPS.Http.Listening;

/// <summary>Believes who knows a secret: as a bearer token, or in a header of its own.</summary>
public sealed class SecretCheck(string secret) : IRequestCheck
{
    /// <inheritdoc/>
    public bool KnowsByHeaders => true;

    /// <inheritdoc/>
    public ValueTask<bool> MayReadAsync(Func<string, string?> header, CancellationToken cancellationToken) =>
        new((header(MessageHeaders.Secret) ?? BearerToken.Of(header)) is { } given && SameText.Is(given, secret));

    /// <inheritdoc/>
    public string? CallerOf(Func<string, string?> header) => null;

    /// <inheritdoc/>
    public bool MayAnswer(Func<string, string?> header, byte[] body) => true;

    /// <inheritdoc/>
    public string? IdOf(Func<string, string?> header) => null;
}
