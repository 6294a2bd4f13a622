using System.Globalization;
using System.Net;
using Google;
using PrefectPS.Storage;

namespace PrefectPS.Google.Channels;

/// <summary>Maps errors of Pub/Sub.</summary>
internal static class PubSubFaults
{
    /// <summary>Maps an exception to a fault; null for an unknown one.</summary>
    public static StoreFault? Explain(Exception e, PubSubAddress address) =>
        GoogleFaults.Explain(e, "New-FlowChannel", answer => OfResponse(answer, address));

    private static StoreFault OfResponse(GoogleApiException e, PubSubAddress address) => e.HttpStatusCode switch
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
