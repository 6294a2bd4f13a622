namespace PrefectPS.Http.Listening;

/// <summary>Believes who knows a secret: as a bearer token, or in a header of its own.</summary>
internal sealed class SecretCheck(string secret) : IRequestCheck
{
    public bool KnowsByHeaders => true;

    public ValueTask<bool> MayReadAsync(Func<string, string?> header, CancellationToken cancellationToken) =>
        new((header(MessageHeaders.Secret) ?? BearerToken.Of(header)) is { } given && SameText.Is(given, secret));

    public string? CallerOf(Func<string, string?> header) => null;

    public bool MayAnswer(Func<string, string?> header, byte[] body) => true;

    public string? IdOf(Func<string, string?> header) => null;
}
