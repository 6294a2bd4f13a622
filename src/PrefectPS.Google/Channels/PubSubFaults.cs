using System.Globalization;
using System.Net;
using Google;
using Google.Apis.Auth.OAuth2.Responses;
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
            PubSubClient.IsTransient(answer.HttpStatusCode), answer),
        TokenResponseException token => new($"signing in to Google failed: {token.Error?.Error}", IsTransient: false),
        InvalidOperationException credentials when credentials.Message.Contains("credentials") => new(
            "no credentials were found: set GOOGLE_APPLICATION_CREDENTIALS, sign in with gcloud, give the machine a service account, or use New-FlowChannel",
            IsTransient: false),
        _ => null,
    };
}
