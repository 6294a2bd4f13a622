namespace PrefectPS.Http.Listening;

/// <summary>Reads the bearer token of a request.</summary>
internal static class BearerToken
{
    private const string Prefix = "Bearer ";

    /// <summary>The token of the Authorization header; null for none.</summary>
    public static string? Of(Func<string, string?> header) =>
        header("Authorization") is { } value && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? value.Substring(Prefix.Length).Trim() : null;
}
