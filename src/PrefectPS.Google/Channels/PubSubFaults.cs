using System.Globalization;
using System.Net;
using Google;
using PrefectPS.Storage;

namespace PrefectPS.Google.Channels;

/// <summary>What the errors of Pub/Sub mean.</summary>
internal static class PubSubFaults
{
    /// <summary>What an exception means; null where it means nothing.</summary>
    public static StoreFault? Explain(Exception e, PubSubAddress address) =>
        GoogleFaults.Explain(e, "New-FlowChannel", answer => OfAnswer(answer, address));

    private static StoreFault OfAnswer(GoogleApiException e, PubSubAddress address) => e.HttpStatusCode switch
    {
        HttpStatusCode.NotFound => new(
            $"there is no such topic or subscription in the project '{address.Project}': create '{address.TopicPath}', and '{address.SubscriptionPath}' to receive, or specify others",
            IsTransient: false, e),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new("the credentials do not allow it", IsTransient: false),
        var status => new(
            $"it answered {((int)status).ToString(CultureInfo.InvariantCulture)}{(e.Error?.Message is { Length: > 0 } text ? $": {text.TrimEnd('.')}" : string.Empty)}",
            ReportedBackOff.IsTransient(status), e),
    };
}
