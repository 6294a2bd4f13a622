using PrefectPS.Channels;
using static PrefectPS.Google.Channels.PubSubMessages;

namespace PrefectPS.Google.Channels;

/// <summary>Converts messages to Pub/Sub's: the document is the data, the rest are attributes.</summary>
internal static class PubSubEnvelope
{
    // The service's limit for a value in bytes; a character has at most four.
    private const int LongestValue = 1024 / 4;

    /// <summary>Converts a message to publish.</summary>
    public static PubSubMessage Write(ChannelMessage message)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(MessageAttributes.Flow, message.Flow);
        Add(MessageAttributes.Run, message.RunId);
        Add(MessageAttributes.Step, message.Step is { } step ? MessageAttributes.Text(step) : null);
        Add(MessageAttributes.NotBefore, message.NotBefore is { } time ? MessageAttributes.Text(time) : null);
        Add(MessageAttributes.Reason, message.Reason);
        return new() { Data = message.Document, Attributes = attributes, OrderingKey = message.RunId };

        void Add(string name, string? value)
        {
            if (value is not null)
                attributes[name] = value.Length > LongestValue ? value.Substring(0, LongestValue) : value;
        }
    }

    /// <summary>Converts a received message.</summary>
    public static ChannelMessage Read(PubSubMessage message)
    {
        var document = message.Data ?? [];
        if (message.Attributes is not { } attributes || !attributes.ContainsKey(MessageAttributes.Run))
            return MessageIdentity.Identify(document) with { Reason = Value(message, MessageAttributes.Reason) };
        return new(document)
        {
            Flow = Value(message, MessageAttributes.Flow),
            RunId = Value(message, MessageAttributes.Run),
            Step = MessageAttributes.StepOf(Value(message, MessageAttributes.Step)),
            NotBefore = MessageAttributes.TimeOf(Value(message, MessageAttributes.NotBefore)),
            Reason = Value(message, MessageAttributes.Reason),
        };
    }

    private static string? Value(PubSubMessage message, string name) =>
        message.Attributes is { } attributes && attributes.TryGetValue(name, out var value) ? value : null;
}
