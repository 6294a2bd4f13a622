using PrefectPS.Http.Serving;

namespace PrefectPS.Http.Events;

/// <summary>The path of a request that is about an event, below a listener's own: that of a link, or <c>runs/…/events/…</c>.</summary>
/// <param name="RunId">The run's id; null for a link, which says it itself.</param>
/// <param name="Name">The event's name; null for a link.</param>
/// <param name="Query">What comes behind the path.</param>
internal sealed record EventPath(string? RunId, string? Name, string Query)
{
    private const string Runs = "runs";

    /// <summary>Whether it is that of a link.</summary>
    public bool IsLink => Name is null;

    /// <summary>The path as it is signed by who signs requests: each name percent-encoded.</summary>
    public string Signed => $"{Runs}/{Uri.EscapeDataString(RunId!)}/{EventLink.Path}/{Uri.EscapeDataString(Name!)}";

    /// <summary>The path of a request; null where it is about something else.</summary>
    /// <param name="target">The request's target as it was sent: a name in it may have a slash, encoded.</param>
    /// <param name="address">Where the listener is.</param>
    public static EventPath? Parse(string target, ListenerAddress address)
    {
        var mark = target.IndexOf('?');
        var query = mark < 0 ? string.Empty : target.Substring(mark + 1);
        string[] parts = [.. (mark < 0 ? target : target.Substring(0, mark)).Split('/').Select(Uri.UnescapeDataString)];
        return parts is [.., EventLink.Path] && IsBelow(parts, 1, address) ? new(null, null, query)
            : parts is [.., Runs, var run, EventLink.Path, var name] && IsBelow(parts, 4, address) ? new(run, name, query)
            : null;
    }

    private static bool IsBelow(string[] parts, int count, ListenerAddress address) => string.Join("/", parts.Take(parts.Length - count)) + "/" == address.Path;
}
