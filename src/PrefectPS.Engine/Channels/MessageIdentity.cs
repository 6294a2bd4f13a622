using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Channels;

/// <summary>Reads the flow, run and step of a document from its beginning; foreign documents have none.</summary>
public static class MessageIdentity
{
    /// <summary>Creates a document's message with the flow, run and step it names.</summary>
    public static ChannelMessage Identify(byte[] document) => Identify(document, out _);

    /// <summary>Creates a document's message with the flow, run, step and due time it names.</summary>
    /// <param name="document">The document.</param>
    /// <param name="state">The run's state; null where unspecified.</param>
    internal static ChannelMessage Identify(byte[] document, out StateType? state)
    {
        var message = new ChannelMessage(document);
        state = null;
        try
        {
            var json = new Utf8JsonReader(CompactText.Is(document) ? CompactText.Read(document, keys: null) : document, JsonStyle.Reader);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return message;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName && !json.ValueTextEquals(DocumentKeys.Tasks))
            {
                var key = json.GetString();
                json.Read();
                if (key == DocumentKeys.Flow && json.TokenType == JsonTokenType.StartObject)
                    message = ReadFlow(ref json, message);
                else if (key == DocumentKeys.Run && json.TokenType == JsonTokenType.StartObject)
                    message = ReadRun(ref json, message);
                else if (key == DocumentKeys.State && json.TokenType == JsonTokenType.StartObject)
                    message = ReadState(ref json, message, ref state);
                else
                    json.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or FlowException)
        {
            // The decoder reports the fault and its position.
        }

        return message;
    }

    private static ChannelMessage ReadFlow(ref Utf8JsonReader json, ChannelMessage message)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isName = json.ValueTextEquals(DocumentKeys.Name);
            json.Read();
            if (isName && json.TokenType == JsonTokenType.String)
                message = message with { Flow = json.GetString() };
            else
                json.Skip();
        }

        return message;
    }

    private static ChannelMessage ReadState(ref Utf8JsonReader json, ChannelMessage message, ref StateType? state)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString();
            json.Read();
            if (key == DocumentKeys.Type && json.TokenType == JsonTokenType.String && StateTypes.TryParse(json.GetString()!, out var type))
                state = type;
            else if (key == DocumentKeys.StartTime && json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out var due))
                message = message with { NotBefore = due };
            else
                json.Skip();
        }

        return message;
    }

    private static ChannelMessage ReadRun(ref Utf8JsonReader json, ChannelMessage message)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString();
            json.Read();
            if (key == DocumentKeys.Id && json.TokenType == JsonTokenType.String)
                message = message with { RunId = json.GetString() };
            else if (key == DocumentKeys.Step && json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var step))
                message = message with { Step = step };
            else
                json.Skip();
        }

        return message;
    }
}
