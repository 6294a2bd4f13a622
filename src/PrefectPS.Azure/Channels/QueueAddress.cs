using System.Text.RegularExpressions;
using PrefectPS.Channels;

namespace PrefectPS.Azure.Channels;

/// <summary>The address of an Azure Storage queue: <c>azqueue://account/queue</c>.</summary>
/// <param name="Account">The account.</param>
/// <param name="Queue">The queue.</param>
internal sealed record QueueAddress(string Account, string Queue)
{
    /// <summary>The URI scheme.</summary>
    public const string Scheme = "azqueue";

    private const string Form = "^azqueue://(?<account>[a-z0-9]{3,24})/(?<queue>[a-z0-9](-?[a-z0-9]){2,62})$";

    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    /// <summary>The public endpoint.</summary>
    public Uri Service => new($"https://{Account}.queue.core.windows.net");

    /// <summary>Parses an address.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address is malformed.</exception>
    public static QueueAddress Parse(string text)
    {
        var match = Regex.Match(text.TrimEnd('/'), Form, RegexOptions.ExplicitCapture, LongestMatch);
        return match.Success
            ? new(match.Groups["account"].Value, match.Groups["queue"].Value)
            : throw ProviderErrors.ChannelInvalid(text, "it is not the address of a queue, which is azqueue://account/queue, in small letters");
    }

    /// <summary>The address.</summary>
    public override string ToString() => $"{Scheme}://{Account}/{Queue}";
}
