using System.Net;
using Google;
using Google.Apis.Auth.OAuth2.Responses;
using Newtonsoft.Json;
using PrefectPS.Storage;

namespace PrefectPS.Google;

/// <summary>What the errors of Google's client runtime mean, whichever service it is.</summary>
internal static class GoogleFaults
{
    /// <summary>What an exception means; null where it means nothing.</summary>
    /// <param name="e">The exception.</param>
    /// <param name="cmdlet">The cmdlet that takes credentials.</param>
    /// <param name="ofAnswer">What an answer of the service means.</param>
    public static StoreFault? Explain(Exception e, string cmdlet, Func<GoogleApiException, StoreFault> ofAnswer) => e switch
    {
        GoogleApiException { HttpStatusCode: not default(HttpStatusCode) } answer => ofAnswer(answer),
        GoogleApiException { InnerException: { } inner } => Explain(inner, cmdlet, ofAnswer) ?? StoreFault.OfNetwork(inner),
        // From an upload in blocks, whose last answer cannot be parsed.
        AggregateException { InnerException: { } inner } => Explain(inner, cmdlet, ofAnswer),
        AnswerException or JsonException or FormatException => new($"its answer is not valid: {e.Message.TrimEnd('.')}", IsTransient: true, e),
        KeyFileException => new(e.Message, IsTransient: false),
        TokenResponseException token => new($"signing in to Google failed: {token.Error?.Error}", IsTransient: false),
        // So the client says that it found none.
        InvalidOperationException => new(
            $"no credentials were found: set GOOGLE_APPLICATION_CREDENTIALS, sign in with 'gcloud auth application-default login', give the machine a service account, or use {cmdlet}",
            IsTransient: false),
        _ => null,
    };
}
