using Azure;
using Azure.Identity;
using PrefectPS.Storage;

namespace PrefectPS.Azure;

/// <summary>What the errors of Azure's clients mean, whichever service it is.</summary>
internal static class AzureFaults
{
    private const int RequestTimeout = 408;
    private const int TooManyRequests = 429;
    private const int ServerError = 500;

    /// <summary>What an exception means; null where it means nothing.</summary>
    /// <param name="e">The exception.</param>
    /// <param name="cmdlet">The cmdlet that takes credentials.</param>
    /// <param name="ofAnswer">What an answer of the service means. Its texts are not to be passed on: they quote signatures.</param>
    public static StoreFault? Explain(Exception e, string cmdlet, Func<RequestFailedException, StoreFault> ofAnswer) => e switch
    {
        // So the client ends when all its tries have failed; the last one says what it is.
        AggregateException { InnerExceptions: { Count: > 0 } tries } => Explain(tries[tries.Count - 1], cmdlet, ofAnswer) ?? StoreFault.OfNetwork(tries[tries.Count - 1]),
        CredentialUnavailableException => new(
            $"no credentials were found: set AZURE_STORAGE_CONNECTION_STRING, sign in to Azure, give the machine a managed identity, or use {cmdlet}", IsTransient: false),
        AuthenticationFailedException => new($"signing in to Azure failed: {FirstLine(e.Message)}", IsTransient: false),
        RequestFailedException { Status: > 0 } answer => ofAnswer(answer),
        RequestFailedException { InnerException: { } unanswered } => StoreFault.OfNetwork(unanswered),
        _ => null,
    };

    /// <summary>Whether the same request may succeed later.</summary>
    public static bool IsTransient(int status) => status is RequestTimeout or TooManyRequests or >= ServerError;

    private static string FirstLine(string text) => text.Split('\r', '\n')[0].TrimEnd('.');
}
