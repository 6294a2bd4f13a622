using PrefectPS.Channels;
using static PrefectPS.Google.Channels.PubSubMessages;

namespace PrefectPS.Google.Channels;

/// <summary>A message in Pub/Sub's form: the document is its data, the rest are attributes.</summary>
internal static class PubSubEnvelope
{
    // What the service allows of a value, in bytes; a character takes four at most.
    private const int LongestValue = 1024 / 4;

    /// <summary>The message as it is published.</summary>
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

    /// <summary>The message as it was received.</summary>
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
