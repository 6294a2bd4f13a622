namespace PrefectPS.Http.Listening;

/// <summary>The token of a request's Authorization header.</summary>
internal static class BearerToken
{
    private const string Prefix = "Bearer ";

    /// <summary>The token; null where there is none.</summary>
    public static string? Of(Func<string, string?> header) =>
        header("Authorization") is { } value && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? value.Substring(Prefix.Length).Trim() : null;
}
