using System.Text.RegularExpressions;
using PrefectPS.Channels;

namespace PrefectPS.Google.Channels;

/// <summary>The address of a topic and subscription: <c>pubsub://project/topic?subscription=name</c>.</summary>
/// <param name="Project">The project.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Subscription">The subscription; by default named like the topic.</param>
internal sealed record PubSubAddress(string Project, string Topic, string Subscription)
{
    /// <summary>The URI scheme.</summary>
    public const string Scheme = "pubsub";

    private const string Form = @"^pubsub://(?<project>[^/?#@]+)/(?<topic>[A-Za-z][A-Za-z0-9._~+%-]{2,254})(\?subscription=(?<subscription>[A-Za-z][A-Za-z0-9._~+%-]{2,254}))?$";

    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    /// <summary>The topic's resource name.</summary>
    public string TopicPath => $"projects/{Project}/topics/{Topic}";

    /// <summary>The subscription's resource name.</summary>
    public string SubscriptionPath => $"projects/{Project}/subscriptions/{Subscription}";

    /// <summary>Parses an address.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address is malformed.</exception>
    public static PubSubAddress Parse(string text)
    {
        var match = Regex.Match(text, Form, RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, LongestMatch);
        if (!match.Success)
            throw ProviderErrors.ChannelInvalid(text, "it is not the address of a topic, which is pubsub://project/topic or, to receive, pubsub://project/topic?subscription=name");
        var topic = match.Groups["topic"].Value;
        return new(match.Groups["project"].Value, topic, match.Groups["subscription"] is { Success: true } given ? given.Value : topic);
    }

    /// <summary>The address.</summary>
    public override string ToString() =>
        $"{Scheme}://{Project}/{Topic}{(Subscription == Topic ? string.Empty : $"?subscription={Subscription}")}";
}
