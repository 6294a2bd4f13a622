using System.Text.Json;
using PrefectPS.Channels;

namespace PrefectPS.Http.Listening;

/// <summary>Parses pushed messages: Pub/Sub's, with data in Base64 and attributes, or a document itself.</summary>
internal static class PushEnvelope
{
    /// <summary>Parses a request.</summary>
    /// <param name="body">The body.</param>
    /// <param name="header">Gets a header's value; null for none.</param>
    /// <returns>The message, with Pub/Sub's id and delivery count if any; null where the body is not JSON that could be a document.</returns>
    public static (ChannelMessage Message, string? Id, int? Count)? Read(byte[] body, Func<string, string?> header)
    {
        if (body.Length == 0)
            return (MessageHeaders.Read(body, header) with { IsBareRequest = true }, null, null);
        try
        {
            using var json = JsonDocument.Parse(body, new() { MaxDepth = Limits.MaxJsonDepth });
            return json.RootElement.ValueKind switch
            {
                JsonValueKind.Object when json.RootElement.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object
                    && json.RootElement.TryGetProperty("subscription", out _) => OfPubSub(json.RootElement, message),
                JsonValueKind.Object or JsonValueKind.Array => (MessageHeaders.Read(body, header), null, null),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static (ChannelMessage Message, string? Id, int? Count) OfPubSub(JsonElement envelope, JsonElement message)
    {
        var document = message.TryGetProperty("data", out var data) ? data.GetBytesFromBase64() : [];
        var told = MessageIdentity.Identify(document);
        return (
            told with
            {
                Flow = Attribute(message, MessageAttributes.Flow) ?? told.Flow,
                RunId = Attribute(message, MessageAttributes.Run) ?? told.RunId,
                Step = MessageAttributes.StepOf(Attribute(message, MessageAttributes.Step)) ?? told.Step,
                NotBefore = MessageAttributes.TimeOf(Attribute(message, MessageAttributes.NotBefore)),
            },
            message.TryGetProperty("messageId", out var id) ? id.GetString() : null,
            envelope.TryGetProperty("deliveryAttempt", out var attempt) && attempt.TryGetInt32(out var count) ? count : null);
    }

    private static string? Attribute(JsonElement message, string name) =>
        message.TryGetProperty("attributes", out var all) && all.ValueKind == JsonValueKind.Object && all.TryGetProperty(name, out var value) ? value.GetString() : null;
}
