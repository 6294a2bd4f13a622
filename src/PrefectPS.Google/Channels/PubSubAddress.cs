using System.Text.RegularExpressions;
using PrefectPS.Channels;

namespace PrefectPS.Google.Channels;

/// <summary>A topic, and the subscription by which its messages are received: <c>pubsub://project/topic?subscription=name</c>.</summary>
/// <param name="Project">The project.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Subscription">The subscription; one that is called as the topic is unless the address names another.</param>
internal sealed record PubSubAddress(string Project, string Topic, string Subscription)
{
    /// <summary>The scheme of such an address.</summary>
    public const string Scheme = "pubsub";

    private const string Form = @"^pubsub://(?<project>[^/?#@]+)/(?<topic>[A-Za-z][A-Za-z0-9._~+%-]{2,254})(\?subscription=(?<subscription>[A-Za-z][A-Za-z0-9._~+%-]{2,254}))?$";

    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    /// <summary>The name of the topic as the service has it.</summary>
    public string TopicPath => $"projects/{Project}/topics/{Topic}";

    /// <summary>The name of the subscription as the service has it.</summary>
    public string SubscriptionPath => $"projects/{Project}/subscriptions/{Subscription}";

    /// <summary>Takes an address apart.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: it is none.</exception>
    public static PubSubAddress Parse(string text)
    {
        var match = Regex.Match(text, Form, RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, LongestMatch);
        if (!match.Success)
            throw ProviderErrors.ChannelInvalid(text, "it is not the address of a topic, which is pubsub://project/topic or, to receive, pubsub://project/topic?subscription=name");
        var topic = match.Groups["topic"].Value;
        return new(match.Groups["project"].Value, topic, match.Groups["subscription"] is { Success: true } given ? given.Value : topic);
    }

    /// <summary>The address as it was given.</summary>
    public override string ToString() =>
        $"{Scheme}://{Project}/{Topic}{(Subscription == Topic ? string.Empty : $"?subscription={Subscription}")}";
}
