using System.Text;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;

namespace PrefectPS.Http.Events;

/// <summary>A capability link that sends one event to one run, once. Immutable.</summary>
/// <remarks>
/// The URL ends with <c>events?link=</c> and three dot-separated Base64url parts: the properties as JSON, the key id, and the
/// HMAC-SHA256 of <see cref="Prefix"/>, the key id, a line feed and that JSON.
/// </remarks>
/// <param name="Flow">The flow's name.</param>
/// <param name="RunId">The run's id.</param>
/// <param name="Incarnation">The run's incarnation.</param>
/// <param name="Name">The event's name.</param>
/// <param name="Expires">The expiry; whole seconds, UTC.</param>
/// <param name="Id">The event's id, which makes the link idempotent.</param>
public sealed record EventLink(string Flow, string RunId, string Incarnation, string Name, DateTimeOffset Expires, string Id)
{
    /// <summary>The path segment of links, below the listener's path.</summary>
    internal const string Path = "events";

    /// <summary>The longest URL; mail programs, chats and proxies truncate longer ones.</summary>
    public const int MaxLength = 4000;

    /// <summary>The domain separator: no signature of anything else is valid for a link.</summary>
    private const string Prefix = "prefectps-link-1\n";
    private const string Key = "link=";

    /// <summary>The intended person; null for anyone.</summary>
    public string? For { get; init; }

    /// <summary>Creates the signed URL.</summary>
    /// <param name="listener">The listener's address, as callers see it.</param>
    /// <param name="keys">The keys, one of which signs.</param>
    public Uri ToUri(Uri listener, SigningKeys keys)
    {
        var content = Write();
        var token = $"{Base64Url.Encode(content)}.{Base64Url.Encode(Encoding.UTF8.GetBytes(keys.SignerId))}.{Base64Url.Encode(keys.Sign(Signed(keys.SignerId, content)))}";
        return new($"{listener.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{Path}?{Key}{token}");
    }

    /// <summary>Parses and verifies a URL's query; parameters that proxies appended are ignored.</summary>
    /// <param name="query">The query, without its question mark.</param>
    /// <param name="keys">The accepted keys.</param>
    /// <returns>The link; null where it is not validly signed.</returns>
    internal static EventLink? Read(string query, SigningKeys keys)
    {
        var end = query.IndexOf('&');
        if (!query.StartsWith(Key, StringComparison.Ordinal))
            return null;
        var parts = (end < 0 ? query : query.Substring(0, end)).Substring(Key.Length).Split('.');
        if (parts.Length != 3 || Decode(parts[0]) is not { } content || Decode(parts[1]) is not { } keyId || Decode(parts[2]) is not { } signature)
            return null;
        try
        {
            var id = Encoding.UTF8.GetString(keyId);
            keys.Verify(id, Signed(id, content), signature);
            return Read(content);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateTampered)
        {
            return null;
        }
    }

    // Only canonical Base64url is accepted.
    private static byte[]? Decode(string text) => Base64Url.Decode(text) is { } bytes && Base64Url.Encode(bytes) == text ? bytes : null;

    private static byte[] Signed(string keyId, byte[] content) => [.. Encoding.UTF8.GetBytes($"{Prefix}{keyId}\n"), .. content];

    private byte[] Write() => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteString("flow", Flow);
        json.WriteString("run", RunId);
        json.WriteString("incarnation", Incarnation);
        json.WriteString("event", Name);
        json.WriteNumber("expires", Expires.ToUnixTimeSeconds());
        json.WriteString("id", Id);
        if (For is not null)
            json.WriteString("for", For);
        json.WriteEndObject();
    });

    // The signature proves that the content is well-formed.
    private static EventLink Read(byte[] content)
    {
        using var json = JsonDocument.Parse(content);
        var link = json.RootElement;
        return new(Text("flow"), Text("run"), Text("incarnation"), Text("event"), DateTimeOffset.FromUnixTimeSeconds(link.GetProperty("expires").GetInt64()), Text("id"))
        {
            For = link.TryGetProperty("for", out var person) ? person.GetString() : null,
        };

        string Text(string name) => link.GetProperty(name).GetString()!;
    }
}
