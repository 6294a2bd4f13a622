namespace PrefectPS.Http.Listening;

/// <summary>Believes nobody: for a listener that answers links alone.</summary>
internal sealed class NobodyCheck : IRequestCheck
{
    public bool KnowsByHeaders => true;

    public ValueTask<bool> MayReadAsync(Func<string, string?> header, CancellationToken cancellationToken) => new(false);

    public string? CallerOf(Func<string, string?> header) => null;

    public bool MayAnswer(Func<string, string?> header, byte[] body) => false;

    public string? IdOf(Func<string, string?> header) => null;
}
