using PrefectPS.Http.Events;
using PrefectPS.Http.Serving;

namespace PrefectPS.Http.Listening;

/// <summary>A listener's address, authentication and limits.</summary>
public sealed record ListenerOptions
{
    /// <summary>The URL prefix, such as <c>http://+:8080/</c>.</summary>
    public required string Prefix { get; init; }

    /// <summary>The path of the unauthenticated health check.</summary>
    public string HealthPath { get; init; } = "/healthz";

    /// <summary>Authenticates requests; null for anonymous access.</summary>
    public IRequestAuthenticator? Authenticator { get; init; }

    /// <summary>The event options; null for no events.</summary>
    public EventOptions? Events { get; init; }

    /// <summary>The server's limits.</summary>
    public ServerOptions Server { get; init; } = new();

    /// <summary>The number of concurrent reads from authenticated senders; further ones get 503.</summary>
    public int MaxRequests { get; init; } = 64;

    /// <summary>The number of concurrent reads from unauthenticated senders; a further one evicts the oldest.</summary>
    public int MaxUnverified { get; init; } = 16;

    /// <summary>The timeout of reading a body.</summary>
    public TimeSpan ReadTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The timeout of reading an unauthenticated body.</summary>
    public TimeSpan UnverifiedReadTime { get; init; } = TimeSpan.FromSeconds(5);
}
