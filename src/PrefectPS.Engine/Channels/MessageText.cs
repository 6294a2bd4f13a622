using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Channels;

/// <summary>Messages as bytes, for a channel without properties beside its messages: one line of JSON with the properties, then the document.</summary>
public static class MessageText
{
    private const byte EndOfLine = (byte)'\n';

    /// <summary>Writes a message.</summary>
    public static byte[] Write(ChannelMessage message)
    {
        var head = JsonStyle.ToBytes(json =>
        {
            json.WriteStartObject();
            if (message.Flow is not null)
                json.WriteString(MessageAttributes.Flow, message.Flow);
            if (message.RunId is not null)
                json.WriteString(MessageAttributes.Run, message.RunId);
            if (message.Step is { } step)
                json.WriteNumber(MessageAttributes.Step, step);
            if (message.NotBefore is { } time)
                json.WriteString(MessageAttributes.NotBefore, time.UtcDateTime);
            if (message.Reason is not null)
                json.WriteString(MessageAttributes.Reason, message.Reason);
            json.WriteNumber(MessageAttributes.Length, message.Document.Length);
            json.WriteEndObject();
        });
        return [.. head, EndOfLine, .. message.Document];
    }

    /// <summary>Writes the document alone if its own content has all the properties of the message; otherwise as <see cref="Write"/> does.</summary>
    public static byte[] WriteShort(ChannelMessage message) =>
        message.Reason is null && MessageIdentity.Identify(message.Document) is var told
            && (told.Flow, told.RunId, told.Step) == (message.Flow ?? told.Flow, message.RunId ?? told.RunId, message.Step ?? told.Step)
            ? message.Document
            : Write(message);

    /// <summary>Reads a message. Bytes without such a line are the document of another sender.</summary>
    public static ChannelMessage Read(byte[] bytes)
    {
        var end = Array.IndexOf(bytes, EndOfLine);
        var (line, document) = end < 0 ? (bytes, Array.Empty<byte>()) : (bytes.AsSpan(0, end).ToArray(), bytes.AsSpan(end + 1).ToArray());
        try
        {
            // A line without content is either a truncated message or a foreign document.
            return ReadHead(line, new(document)) is { } message && (end >= 0 || message != new ChannelMessage(document)) ? message : MessageIdentity.Identify(bytes);
        }
        catch (JsonException)
        {
            return MessageIdentity.Identify(bytes);
        }
    }

    // Null where the line has a foreign property.
    private static ChannelMessage? ReadHead(ReadOnlySpan<byte> line, ChannelMessage message)
    {
        var json = new Utf8JsonReader(line, JsonStyle.Reader);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return null;
        var length = message.Document.Length;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString();
            json.Read();
            switch (key)
            {
                case MessageAttributes.Flow when json.TokenType == JsonTokenType.String:
                    message = message with { Flow = json.GetString() };
                    break;
                case MessageAttributes.Run when json.TokenType == JsonTokenType.String:
                    message = message with { RunId = json.GetString() };
                    break;
                case MessageAttributes.Step when json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var step):
                    message = message with { Step = step };
                    break;
                case MessageAttributes.NotBefore when json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out var time):
                    message = message with { NotBefore = time };
                    break;
                case MessageAttributes.Reason when json.TokenType == JsonTokenType.String:
                    message = message with { Reason = json.GetString() };
                    break;
                case MessageAttributes.Length when json.TokenType == JsonTokenType.Number && json.TryGetInt32(out length):
                    break;
                default:
                    return null;
            }
        }

        return length == message.Document.Length ? message : message with { Damage = $"its document has {message.Document.Length} of {length} bytes" };
    }
}
