namespace PrefectPS.Http.Events;

/// <summary>The event headers of a request, percent-encoded.</summary>
/// <param name="Id">The idempotency key; null where unspecified.</param>
/// <param name="By">The sender; null where unspecified.</param>
internal sealed record EventHeaders(string? Id, string? By)
{
    /// <summary>The header of the idempotency key.</summary>
    public const string IdName = "Idempotency-Key";

    private const string ByName = "X-PrefectPS-Requested-By";

    /// <summary>Reads the headers.</summary>
    /// <param name="header">Gets a header's value; null for none.</param>
    public static EventHeaders Read(Func<string, string?> header) => new(Text(header(IdName)), Text(header(ByName)));

    /// <summary>The text signed before the body, which binds a signature to run, event, id and sender.</summary>
    public string Signed(EventPath path) => $"{path.Signed}\n{Escape(Id)}\n{Escape(By)}\n";

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : Uri.UnescapeDataString(value);

    private static string Escape(string? text) => Uri.EscapeDataString(text ?? string.Empty);
}
