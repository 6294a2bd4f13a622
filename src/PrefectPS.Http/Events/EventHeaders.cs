namespace PrefectPS.Http.Events;

/// <summary>What the headers of a request say of the event that it brings. Texts are percent-encoded.</summary>
/// <param name="Id">The event's id: sent again with the same one it counts once. Null where the sender gives none.</param>
/// <param name="By">Who sends it; null where that is not said.</param>
internal sealed record EventHeaders(string? Id, string? By)
{
    /// <summary>The header for the id.</summary>
    public const string IdName = "Idempotency-Key";

    private const string ByName = "X-PrefectPS-Requested-By";

    /// <summary>Reads the headers.</summary>
    /// <param name="header">Gives a header's value; null where there is none.</param>
    public static EventHeaders Read(Func<string, string?> header) => new(Text(header(IdName)), Text(header(ByName)));

    /// <summary>What is signed before the body by who signs requests: so that nobody can send the same to another run, under another id or name.</summary>
    public string Signed(EventPath path) => $"{path.Signed}\n{Escape(Id)}\n{Escape(By)}\n";

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : Uri.UnescapeDataString(value);

    private static string Escape(string? text) => Uri.EscapeDataString(text ?? string.Empty);
}
