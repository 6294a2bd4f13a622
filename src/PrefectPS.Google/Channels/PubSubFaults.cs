using System.Globalization;
using System.Net;
using Google;
using PrefectPS.Storage;

namespace PrefectPS.Google.Channels;

/// <summary>What the errors of Pub/Sub mean.</summary>
internal static class PubSubFaults
{
    /// <summary>What an exception means; null where it means nothing.</summary>
    public static StoreFault? Explain(Exception e, PubSubAddress address) => e switch
    {
        GoogleApiException { HttpStatusCode: HttpStatusCode.NotFound } answer => new(
            $"there is no such topic or subscription in the project '{address.Project}': create '{address.TopicPath}', and '{address.SubscriptionPath}' to receive, or name others",
            IsTransient: false, answer),
        GoogleApiException { HttpStatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => new(
            "the credentials do not allow it", IsTransient: false),
        GoogleApiException answer => new(
            $"it answered {((int)answer.HttpStatusCode).ToString(CultureInfo.InvariantCulture)}{(answer.Error?.Message is { Length: > 0 } text ? $": {text.TrimEnd('.')}" : string.Empty)}",
            ReportedBackOff.IsTransient(answer.HttpStatusCode), answer),
        _ => GoogleAccess.Explain(e, "New-FlowChannel"),
    };
}
