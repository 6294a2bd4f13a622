using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;

namespace PrefectPS.Channels;

/// <summary>Which run and step a document is about, told from its beginning. What is not a document of ours is about nothing.</summary>
internal static class MessageIdentity
{
    /// <summary>A message of a document, with the flow, run and step that the document names.</summary>
    public static ChannelMessage Identify(byte[] document)
    {
        var message = new ChannelMessage(document);
        try
        {
            var json = new Utf8JsonReader(document, JsonStyle.Reader);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return message;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName && (message.Flow is null || message.RunId is null))
            {
                var key = json.GetString();
                json.Read();
                if (key == DocumentKeys.Flow && json.TokenType == JsonTokenType.StartObject)
                    message = ReadFlow(ref json, message);
                else if (key == DocumentKeys.Run && json.TokenType == JsonTokenType.StartObject)
                    message = ReadRun(ref json, message);
                else
                    json.Skip();
            }
        }
        catch (JsonException)
        {
            // Whoever decodes it says what is wrong with it, and where.
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
