namespace PrefectPS.Http.Listening;

/// <summary>Where a listener listens, whom it believes, and what it bears.</summary>
internal sealed record ListenerOptions
{
    /// <summary>Where it listens: <c>http://+:8080/</c> or below.</summary>
    public required string Prefix { get; init; }

    /// <summary>The path that says that it is alive, without authentication.</summary>
    public string HealthPath { get; init; } = "/healthz";

    /// <summary>Who may ask; null for everyone.</summary>
    public IRequestCheck? Check { get; init; }

    /// <summary>The largest body, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>The largest headers, names and values together, in characters.</summary>
    public int MaxHeaderLength { get; init; } = 16 * 1024;

    /// <summary>How many requests are read at the same time; one more is told to come again.</summary>
    public int MaxRequests { get; init; } = 64;

    /// <summary>How long the body of a request may take to arrive.</summary>
    public TimeSpan ReadTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When one who is told to come again is to do so.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
