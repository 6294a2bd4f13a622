namespace PrefectPS.Http.Serving;

/// <summary>A server's limits.</summary>
public sealed record ServerOptions
{
    /// <summary>The number of connections; one more evicts the oldest idle one.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>The largest headers, in bytes.</summary>
    internal int MaxHeaderBytes { get; init; } = 16 * 1024;

    /// <summary>The largest body, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>The timeout of a request's headers, for the first one since the connection opened.</summary>
    public TimeSpan HeaderTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The least data rate of a body after five seconds, in bytes per second.</summary>
    internal int MinBodyRate { get; init; } = 240;

    /// <summary>The default Retry-After time.</summary>
    internal TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
