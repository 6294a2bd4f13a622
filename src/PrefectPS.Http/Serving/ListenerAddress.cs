using System.Net;
using System.Net.Sockets;

namespace PrefectPS.Http.Serving;

/// <summary>A listener's URL prefix, <c>http://host:port/path</c>; the host + or * means all addresses of the machine.</summary>
/// <param name="Prefix">The prefix as given.</param>
/// <param name="Host">A name, an address, or +.</param>
/// <param name="Port">The port.</param>
/// <param name="Path">The base path; ends with a slash.</param>
internal sealed record ListenerAddress(string Prefix, string Host, int Port, string Path)
{
    private const string AllHosts = "+";
    private const string ThisHost = "localhost";
    private const string HostStart = "://";

    /// <summary>True if it covers all addresses of the machine.</summary>
    public bool IsAll => Host == AllHosts;

    /// <summary>True if it is loopback, by IPv4 and IPv6.</summary>
    public bool IsLocalhost => string.Equals(Host, ThisHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>Parses a prefix.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: the prefix is invalid; the message says what to write instead.</exception>
    public static ListenerAddress Parse(string text)
    {
        var start = text.IndexOf(HostStart, StringComparison.Ordinal) + HostStart.Length;
        var isAll = start >= HostStart.Length && start < text.Length && (text[start] is '+' or '*');
        if (start < HostStart.Length || !Uri.TryCreate(isAll ? text.Remove(start, 1).Insert(start, ThisHost) : text, UriKind.Absolute, out var address) || address.Host.Length == 0)
            throw FlowErrors.ListenerFailed(text, "it is not an address of the form http://host:port/path");
        if (address.Scheme == Uri.UriSchemeHttps)
            throw FlowErrors.ListenerFailed(text, "the listener speaks HTTP; let what stands in front of it end TLS, and listen at http://");
        if (address.Scheme != Uri.UriSchemeHttp)
            throw FlowErrors.ListenerFailed(text, $"'{address.Scheme}' is not http");
        if (address.Port == 0)
            throw FlowErrors.ListenerFailed(text, "port 0 is none that a caller could use");
        if (address.UserInfo.Length + address.Query.Length + address.Fragment.Length > 0)
            throw FlowErrors.ListenerFailed(text, "it has more than host, port and path");
        return new(text, isAll ? AllHosts : address.Host, address.Port, Uri.UnescapeDataString(address.AbsolutePath).TrimEnd('/') + "/");
    }

    /// <summary>Resolves the host.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: the name is unknown.</exception>
    public IPAddress[] Resolve()
    {
        if (IPAddress.TryParse(Host.Trim('[', ']'), out var address))
            return [address];
        try
        {
            return Dns.GetHostAddresses(Host);
        }
        catch (SocketException e)
        {
            throw FlowErrors.ListenerFailed(Prefix, $"'{Host}' is not a name of this machine ({e.Message.TrimEnd('.')}); use + as the host to listen on all of its addresses", e);
        }
    }

    /// <summary>True if a request's Host header and path match.</summary>
    public bool Matches(string? host, string path) => MatchesHost(host) && (path + "/").StartsWith(Path, StringComparison.Ordinal);

    // Guards against DNS rebinding: a browser sends the attacker's host name.
    private bool MatchesHost(string? host) =>
        IsAll || string.IsNullOrEmpty(host)
        || (Uri.TryCreate($"http://{host}", UriKind.Absolute, out var address) && string.Equals(address.Host, Host, StringComparison.OrdinalIgnoreCase));
}
