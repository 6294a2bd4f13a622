namespace PrefectPS.Http.Listening;

/// <summary>Believes nobody: for a listener that answers links alone.</summary>
public sealed class NobodyCheck : IRequestCheck
{
    /// <inheritdoc/>
    public bool KnowsByHeaders => true;

    /// <inheritdoc/>
    public ValueTask<bool> MayReadAsync(Func<string, string?> header, CancellationToken cancellationToken) => new(false);

    /// <inheritdoc/>
    public string? CallerOf(Func<string, string?> header) => null;

    /// <inheritdoc/>
    public bool MayAnswer(Func<string, string?> header, byte[] body) => false;

    /// <inheritdoc/>
    public string? IdOf(Func<string, string?> header) => null;
}
