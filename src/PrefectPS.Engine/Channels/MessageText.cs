using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Channels;

/// <summary>The binary form of a message for channels without metadata: one line of JSON, then the document.</summary>
internal static class MessageText
{
    private const byte EndOfLine = (byte)'\n';

    /// <summary>Serializes a message.</summary>
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

    /// <summary>Serializes a message as its document alone where that has all the metadata; else like <see cref="Write"/>.</summary>
    public static byte[] WriteShort(ChannelMessage message) =>
        message.Reason is null && MessageIdentity.Identify(message.Document) is var told
            && (told.Flow, told.RunId, told.Step) == (message.Flow ?? told.Flow, message.RunId ?? told.RunId, message.Step ?? told.Step)
            ? message.Document
            : Write(message);

    /// <summary>Deserializes a message; bytes without such a line are a foreign document.</summary>
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
