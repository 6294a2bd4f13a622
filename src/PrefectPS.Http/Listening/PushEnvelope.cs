using System.Text.Json;
using PrefectPS.Channels;

namespace PrefectPS.Http.Listening;

/// <summary>The request by which Pub/Sub pushes a message: the document is its data, in Base64, what is said of it are attributes.</summary>
internal static class PushEnvelope
{
    /// <summary>The message in a request.</summary>
    /// <param name="body">The body.</param>
    /// <param name="header">Gives a header's value; null where there is none.</param>
    /// <returns>The message, Pub/Sub's id of it and how often it was delivered, where that is said; null where the body is no JSON that could be a document.</returns>
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
