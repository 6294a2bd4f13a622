using System.Text;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>Recognizes and unwraps JSON envelopes: messages, events and requests.</summary>
internal static class JsonEnvelope
{
    /// <summary>The envelope of an HTTP request.</summary>
    public const string Request = "a request";

    // A document starts with one of these and is not unwrapped.
    private static readonly NameTable OwnKeys = new([DocumentKeys.Version, DocumentKeys.Flow, DocumentKeys.Run, DocumentKeys.State, DocumentKeys.Tasks, DocumentKeys.Task,
        DocumentKeys.Slug]);

    // In this order: the more specific envelope first.
    private static readonly EnvelopeKind[] Kinds =
    [
        new("a Pub/Sub push message", ["message", "data"], Has: "message"),
        new("a Pub/Sub pull answer", ["receivedMessages", "message", "data"], Has: "receivedMessages"),
        new("a CloudEvent", ["data_base64"], Has: "specversion"),
        new("a CloudEvent", ["data"], Has: "specversion"),
        new("an Automation webhook", ["RequestBody"], Has: "RequestBody"),
        new("an Event Grid event", ["data"], Has: "eventType"),
        new("an Azure queue message", ["MessageText"], Has: "MessageText"),
        new(Request, ["RawBody"], Has: "RawBody"),
        new(Request, ["Body"], Has: "Body"),
        new(Request, ["req"], Has: "req"),
        new("an Azure Functions invocation", ["Data", EnvelopeKind.Only], Has: "Metadata"),
        new("a Pub/Sub message", ["data"], Has: "messageId"),
        new("a Pub/Sub message", ["data"], Has: "data"),
    ];

    private static readonly HashSet<string> IdentifyingNames = new(Kinds.Select(kind => kind.Has).Append(DocumentKeys.Tasks), StringComparer.OrdinalIgnoreCase);

    /// <summary>The content; null for the document itself.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: the envelope holds several messages.</exception>
    public static byte[]? Unwrap(ReadOnlySpan<byte> text, out string layer)
    {
        layer = string.Empty;
        if (IsDocument(text))
            return null;
        JsonDocument envelope;
        try
        {
            envelope = JsonDocument.Parse(text.ToArray(), new() { MaxDepth = Limits.MaxJsonDepth });
        }
        catch (JsonException)
        {
            return null; // the document's reader reports the fault and its position
        }

        using (envelope)
            return Unwrap(envelope.RootElement, out layer);
    }

    private static bool IsDocument(ReadOnlySpan<byte> text)
    {
        try
        {
            var json = new Utf8JsonReader(text, JsonStyle.Reader);
            json.Read();
            if (json.TokenType == JsonTokenType.StartArray)
                json.Read();
            return !json.Read() || json.TokenType != JsonTokenType.PropertyName || OwnKeys.Find(ref json) is not null;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private static byte[]? Unwrap(JsonElement envelope, out string layer)
    {
        layer = string.Empty;
        if (envelope.ValueKind == JsonValueKind.Array)
            return envelope.GetArrayLength() == 1 ? Unwrap(envelope[0], out layer) : null;
        if (envelope.ValueKind != JsonValueKind.Object)
            return null;
        var names = NamesOf(envelope);
        foreach (var kind in names.Contains(DocumentKeys.Tasks) ? [] : Kinds)
        {
            if (!names.Contains(kind.Has) || Follow(envelope, kind, out var isEmpty) is not { } inner)
                continue;
            layer = kind.Name;
            return isEmpty ? [] : Encoding.UTF8.GetBytes(Text(inner));
        }

        return null;
    }

    // An envelope that identifies itself but has no content is an empty message.
    private static JsonElement? Follow(JsonElement envelope, EnvelopeKind kind, out bool isEmpty)
    {
        var element = envelope;
        isEmpty = false;
        foreach (var name in kind.Path)
        {
            if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 1)
                throw FlowErrors.StateUnreadable($"{kind.Name} has several messages; give one at a time");
            if (element.ValueKind == JsonValueKind.Array)
                element = element.EnumerateArray().FirstOrDefault();
            if (element.ValueKind != JsonValueKind.Object)
                return null;
            if ((name == EnvelopeKind.Only ? Single(element) : Find(element, name)) is not { } next)
            {
                isEmpty = kind.Path.Length > 1 && name == kind.Path[kind.Path.Length - 1];
                return isEmpty ? element : null;
            }

            element = next;
        }

        isEmpty = element.ValueKind == JsonValueKind.Null;
        return element.ValueKind is JsonValueKind.String or JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null ? element : null;
    }

    private static JsonElement? Single(JsonElement element)
    {
        JsonElement? single = null;
        foreach (var property in element.EnumerateObject())
        {
            if (single is not null)
                return null;
            single = property.Value;
        }

        return single;
    }

    // The names that identify any envelope.
    private static HashSet<string> NamesOf(JsonElement envelope)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in envelope.EnumerateObject())
        {
            if (NameOf(property) is { } name && IdentifyingNames.Contains(name))
                names.Add(name);
        }

        return names;
    }

    // SDKs differ in the case of the first letter.
    private static JsonElement? Find(JsonElement element, string name)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (string.Equals(NameOf(property), name, StringComparison.OrdinalIgnoreCase))
                return property.Value;
        }

        return null;
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null; // not valid UTF-8
        }
    }

    private static string Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
        }
        catch (InvalidOperationException e)
        {
            throw FlowErrors.StateUnreadable("what it came in has a text that is not valid UTF-8", e);
        }
    }

    private sealed record EnvelopeKind(string Name, string[] Path, string Has)
    {
        /// <summary>A placeholder for the only property.</summary>
        public const string Only = "*";
    }
}
