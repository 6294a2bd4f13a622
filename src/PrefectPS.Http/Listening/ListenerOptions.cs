using PrefectPS.Http.Events;
using PrefectPS.Http.Serving;

namespace PrefectPS.Http.Listening;

/// <summary>Where a listener listens, whom it believes, and what it bears.</summary>
public sealed record ListenerOptions
{
    /// <summary>Where it listens: <c>http://+:8080/</c> or below.</summary>
    public required string Prefix { get; init; }

    /// <summary>The path that says that it is alive, without authentication.</summary>
    public string HealthPath { get; init; } = "/healthz";

    /// <summary>Who may ask; null for everyone.</summary>
    public IRequestCheck? Check { get; init; }

    /// <summary>What events are received for; null where none are.</summary>
    public EventOptions? Events { get; init; }

    /// <summary>What the server bears of anybody.</summary>
    public ServerOptions Server { get; init; } = new();

    /// <summary>How many requests of known senders are read at the same time; one more is told to come again.</summary>
    public int MaxRequests { get; init; } = 64;

    /// <summary>How many requests are read at the same time whose senders are not known before; one more takes the place of the oldest.</summary>
    public int MaxUnverified { get; init; } = 16;

    /// <summary>How long the body of a request may take to arrive.</summary>
    public TimeSpan ReadTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the body may take of a request whose sender is not known before.</summary>
    public TimeSpan UnverifiedReadTime { get; init; } = TimeSpan.FromSeconds(5);
}
