using System.Globalization;

namespace PrefectPS.Http.Listening;

/// <summary>Believes who can sign time and body with a key, and whose time is not long ago.</summary>
/// <param name="key">The key.</param>
/// <param name="clockSkew">How far the sender's clock, and the time the request took, may be off.</param>
/// <param name="clock">The clock.</param>
public sealed class SignatureCheck(string key, TimeSpan clockSkew, TimeProvider clock) : IRequestCheck
{
    private readonly RequestSignature _signature = new(key);

    /// <inheritdoc/>
    public bool KnowsByHeaders => false;

    /// <inheritdoc/>
    public ValueTask<bool> MayReadAsync(Func<string, string?> header, CancellationToken cancellationToken) =>
        new(header(MessageHeaders.Signature) is not null
            && long.TryParse(header(MessageHeaders.Timestamp), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - seconds) <= clockSkew.TotalSeconds);

    /// <inheritdoc/>
    public string? CallerOf(Func<string, string?> header) => null;

    /// <inheritdoc/>
    public bool MayAnswer(Func<string, string?> header, byte[] body) =>
        _signature.IsRight(header(MessageHeaders.Signature)!, header(MessageHeaders.Timestamp)!, body);

    // Whoever repeats what was signed repeats the signature: a request without a document then asks for the same run again.
    /// <inheritdoc/>
    public string? IdOf(Func<string, string?> header) => header(MessageHeaders.Signature)?.Substring(RequestSignature.Prefix.Length);
}
