namespace PrefectPS.Http.Listening;

/// <summary>Which OIDC tokens are believed.</summary>
public sealed record TokenOptions
{
    /// <summary>Whom the token is for: the listener, by the name that its caller was given.</summary>
    public required string Audience { get; init; }

    /// <summary>Who may have issued it.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = ["https://accounts.google.com", "accounts.google.com"];

    /// <summary>Where the issuer's keys are, as a JSON Web Key Set.</summary>
    public Uri KeysUrl { get; init; } = new("https://www.googleapis.com/oauth2/v3/certs");

    /// <summary>How long the answer with the keys may take.</summary>
    internal TimeSpan KeysTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From one request for the keys to the next, however many tokens name unknown keys and however often the request fails.</summary>
    internal TimeSpan KeysPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Is told, on any thread, why the keys cannot be had: once until they can be had again. Nobody unless given.</summary>
    public Action<string>? KeysMissing { get; init; }

    /// <summary>The e-mail address of the service account that calls; null for any.</summary>
    public string? Account { get; init; }

    /// <summary>How far clocks may be apart.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(1);
}
