namespace PrefectPS.Http.Listening;

/// <summary>The OIDC tokens to accept.</summary>
public sealed record TokenOptions
{
    /// <summary>The audience: the listener, as its callers name it.</summary>
    public required string Audience { get; init; }

    /// <summary>The accepted issuers.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = ["https://accounts.google.com", "accounts.google.com"];

    /// <summary>The URL of the issuer's JSON Web Key Set.</summary>
    public Uri KeysUrl { get; init; } = new("https://www.googleapis.com/oauth2/v3/certs");

    /// <summary>The timeout of reading the keys.</summary>
    internal TimeSpan KeysTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The least interval between reads of the keys, whatever tokens ask for.</summary>
    internal TimeSpan KeysPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Called, on any thread, when the keys become unavailable, with the reason.</summary>
    public Action<string>? KeysMissing { get; init; }

    /// <summary>The caller's service account; null for any.</summary>
    public string? Account { get; init; }

    /// <summary>The tolerated clock difference.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(1);
}
