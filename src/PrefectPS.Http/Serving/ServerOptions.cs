namespace PrefectPS.Http.Serving;

/// <summary>What a server bears.</summary>
public sealed record ServerOptions
{
    /// <summary>The most connections; one more takes the place of the oldest that has no request in work.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>The largest headers, names and values together, in bytes.</summary>
    internal int MaxHeaderBytes { get; init; } = 16 * 1024;

    /// <summary>The largest body, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>How long the headers of a request may take to arrive, from the connection on for its first.</summary>
    public TimeSpan HeaderTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The slowest that a body may arrive after its first five seconds, in bytes a second.</summary>
    internal int MinBodyRate { get; init; } = 240;

    /// <summary>When one who is told to come again is to do so.</summary>
    internal TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
