using System.Net;
using Google;
using Google.Apis.Auth.OAuth2.Responses;
using Newtonsoft.Json;
using PrefectPS.Storage;

namespace PrefectPS.Google;

/// <summary>Maps errors of Google's client runtime.</summary>
internal static class GoogleFaults
{
    /// <summary>Maps an exception to a fault; null for an unknown one.</summary>
    /// <param name="e">The exception.</param>
    /// <param name="cmdlet">The cmdlet that takes credentials.</param>
    /// <param name="ofResponse">Maps an error response of the service.</param>
    public static StoreFault? Explain(Exception e, string cmdlet, Func<GoogleApiException, StoreFault> ofResponse) => e switch
    {
        GoogleApiException { HttpStatusCode: not default(HttpStatusCode) } answer => ofResponse(answer),
        GoogleApiException { InnerException: { } inner } => Explain(inner, cmdlet, ofResponse) ?? StoreFault.OfNetwork(inner),
        // Thrown by a chunked upload whose last response cannot be parsed.
        AggregateException { InnerException: { } inner } => Explain(inner, cmdlet, ofResponse),
        InvalidResponseException or JsonException or FormatException => new($"its answer is not valid: {e.Message.TrimEnd('.')}", IsTransient: true, e),
        KeyFileException => new(e.Message, IsTransient: false),
        TokenResponseException token => new($"signing in to Google failed: {token.Error?.Error}", IsTransient: false),
        // Thrown where no default credentials exist.
        InvalidOperationException => new(
            $"no credentials were found: set GOOGLE_APPLICATION_CREDENTIALS, sign in with 'gcloud auth application-default login', give the machine a service account, or use {cmdlet}",
            IsTransient: false),
        _ => null,
    };
}

/// <summary>A response without the expected content.</summary>
internal sealed class InvalidResponseException(string message) : Exception(message);

/// <summary>A key file without readable credentials.</summary>
internal sealed class KeyFileException(string message) : Exception(message);
