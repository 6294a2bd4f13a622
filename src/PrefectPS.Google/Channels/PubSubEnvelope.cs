using System.Globalization;
using PrefectPS.Channels;
using static PrefectPS.Google.Channels.PubSubMessages;

namespace PrefectPS.Google.Channels;

/// <summary>A message in Pub/Sub's form: the document is its data, the rest are attributes.</summary>
internal static class PubSubEnvelope
{
    private const string Flow = "flow";
    private const string Run = "run";
    private const string Step = "step";
    private const string NotBefore = "notBefore";
    private const string Reason = "reason";

    // What the service allows of a value, in bytes; a character takes four at most.
    private const int LongestValue = 1024 / 4;

    /// <summary>The message as it is published.</summary>
    public static PubSubMessage Write(ChannelMessage message)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(Flow, message.Flow);
        Add(Run, message.RunId);
        Add(Step, message.Step?.ToString(CultureInfo.InvariantCulture));
        Add(NotBefore, message.NotBefore?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        Add(Reason, message.Reason);
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
        if (message.Attributes is not { } attributes || !attributes.ContainsKey(Run))
            return MessageIdentity.Identify(document) with { Reason = Value(message, Reason) };
        return new(document)
        {
            Flow = Value(message, Flow),
            RunId = Value(message, Run),
            Step = int.TryParse(Value(message, Step), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null,
            NotBefore = TimeOf(Value(message, NotBefore)),
            Reason = Value(message, Reason),
        };
    }

    /// <summary>A time, as the service and we write it; null where it is none.</summary>
    public static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string? Value(PubSubMessage message, string name) =>
        message.Attributes is { } attributes && attributes.TryGetValue(name, out var value) ? value : null;
}
