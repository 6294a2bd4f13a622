using System.Text;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;

namespace PrefectPS.Http.Events;

/// <summary>A link by which one event can be sent to one run, once: whoever has it may. Immutable.</summary>
/// <remarks>
/// Its address ends with <c>events?link=</c> and three parts with dots between, each in Base64 for addresses: what is below as JSON, the id of the key, and the
/// HMAC-SHA256 of <see cref="Prefix"/>, the key's id, a line feed and that JSON.
/// </remarks>
/// <param name="Flow">The flow's name.</param>
/// <param name="RunId">The run's id.</param>
/// <param name="Incarnation">Tells the run apart from others that have had its id.</param>
/// <param name="Name">The event's name.</param>
/// <param name="Expires">Until when it can be used; whole seconds, UTC.</param>
/// <param name="Id">The event's id: one that is sent twice counts once.</param>
public sealed record EventLink(string Flow, string RunId, string Incarnation, string Name, DateTimeOffset Expires, string Id)
{
    /// <summary>The last part of the path that links are at, below a listener's own.</summary>
    internal const string Path = "events";

    /// <summary>How long an address may be: longer ones are cut off by mail programs, chats and servers on the way.</summary>
    public const int MaxLength = 4000;

    /// <summary>Stands before the content in what is signed, so that no signature of anything else is one of a link.</summary>
    private const string Prefix = "prefectps-link-1\n";
    private const string Key = "link=";

    /// <summary>Whom the link was made for; null where that is open.</summary>
    public string? For { get; init; }

    /// <summary>The address of the link.</summary>
    /// <param name="listener">Where the listener is, as its callers see it.</param>
    /// <param name="keys">The keys, of which one signs.</param>
    public Uri ToUri(Uri listener, SigningKeys keys)
    {
        var content = Write();
        var token = $"{Base64Url.Encode(content)}.{Base64Url.Encode(Encoding.UTF8.GetBytes(keys.SignerId))}.{Base64Url.Encode(keys.Sign(Signed(keys.SignerId, content)))}";
        return new($"{listener.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{Path}?{Key}{token}");
    }

    /// <summary>The link in the query of an address; what programs on the way have added to it is passed over.</summary>
    /// <param name="query">The query, without its question mark.</param>
    /// <param name="keys">The keys, by one of which it is to be signed.</param>
    /// <returns>The link; null where it was made, or changed, by somebody without a key.</returns>
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

    // One text for the same bytes.
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

    // Signed by us, so it is as we wrote it.
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
