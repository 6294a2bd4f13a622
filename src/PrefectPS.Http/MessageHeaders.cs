using PrefectPS.Channels;

namespace PrefectPS.Http;

/// <summary>A message's metadata as HTTP headers, percent-encoded.</summary>
internal static class MessageHeaders
{
    public const string Signature = "X-PrefectPS-Signature";
    public const string Timestamp = "X-PrefectPS-Timestamp";
    public const string Secret = "X-PrefectPS-Secret";
    private const string Flow = "X-PrefectPS-Flow";
    private const string Run = "X-PrefectPS-Run";
    private const string Step = "X-PrefectPS-Step";
    private const string NotBefore = "X-PrefectPS-Not-Before";

    /// <summary>Formats a message's headers.</summary>
    public static IEnumerable<(string Name, string Value)> Write(ChannelMessage message)
    {
        if (message.Flow is { } flow)
            yield return (Flow, Uri.EscapeDataString(flow));
        if (message.RunId is { } run)
            yield return (Run, Uri.EscapeDataString(run));
        if (message.Step is { } step)
            yield return (Step, MessageAttributes.Text(step));
        if (message.NotBefore is { } time)
            yield return (NotBefore, MessageAttributes.Text(time));
    }

    /// <summary>Creates the message of a request; the document supplies missing metadata.</summary>
    /// <param name="document">The body.</param>
    /// <param name="header">Gets a header's value; null for none.</param>
    public static ChannelMessage Read(byte[] document, Func<string, string?> header)
    {
        var message = MessageIdentity.Identify(document);
        return message with
        {
            Flow = header(Flow) is { } flow ? Uri.UnescapeDataString(flow) : message.Flow,
            RunId = header(Run) is { } run ? Uri.UnescapeDataString(run) : message.RunId,
            Step = MessageAttributes.StepOf(header(Step)) ?? message.Step,
            NotBefore = MessageAttributes.TimeOf(header(NotBefore)) ?? message.NotBefore,
        };
    }
}
