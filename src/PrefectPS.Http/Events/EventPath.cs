using PrefectPS.Http.Serving;

namespace PrefectPS.Http.Events;

/// <summary>The path of an event request below the listener's: a link's, or <c>runs/…/events/…</c>.</summary>
/// <param name="RunId">The run's id; null for a link.</param>
/// <param name="Name">The event's name; null for a link.</param>
/// <param name="Query">The query string.</param>
internal sealed record EventPath(string? RunId, string? Name, string Query)
{
    private const string Runs = "runs";

    /// <summary>True if it is a link's path.</summary>
    public bool IsLink => Name is null;

    /// <summary>The path as signed by callers, each name percent-encoded.</summary>
    public string Signed => $"{Runs}/{Uri.EscapeDataString(RunId!)}/{EventLink.Path}/{Uri.EscapeDataString(Name!)}";

    /// <summary>Parses a request's target; null for other paths.</summary>
    /// <param name="target">The raw target, as names may contain encoded slashes.</param>
    /// <param name="address">The listener's address.</param>
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
