using Azure;
using Azure.Identity;
using PrefectPS.Storage;

namespace PrefectPS.Azure;

/// <summary>Maps errors of Azure's clients.</summary>
internal static class AzureFaults
{
    private const int RequestTimeout = 408;
    private const int TooManyRequests = 429;
    private const int ServerError = 500;

    /// <summary>Maps an exception to a fault; null for an unknown one.</summary>
    /// <param name="e">The exception.</param>
    /// <param name="cmdlet">The cmdlet that takes credentials.</param>
    /// <param name="ofResponse">Maps an error response of the service. Its texts must not be shown, as they quote signatures.</param>
    public static StoreFault? Explain(Exception e, string cmdlet, Func<RequestFailedException, StoreFault> ofResponse) => e switch
    {
        // Thrown after the last attempt, whose error is the last.
        AggregateException { InnerExceptions: { Count: > 0 } tries } => Explain(tries[tries.Count - 1], cmdlet, ofResponse) ?? StoreFault.OfNetwork(tries[tries.Count - 1]),
        CredentialUnavailableException => new(
            $"no credentials were found: set AZURE_STORAGE_CONNECTION_STRING, sign in to Azure, give the machine a managed identity, or use {cmdlet}", IsTransient: false),
        AuthenticationFailedException => new($"signing in to Azure failed: {FirstLine(e.Message)}", IsTransient: false),
        RequestFailedException { Status: > 0 } answer => ofResponse(answer),
        RequestFailedException { InnerException: { } unanswered } => StoreFault.OfNetwork(unanswered),
        _ => null,
    };

    /// <summary>True if a status is transient.</summary>
    public static bool IsTransient(int status) => status is RequestTimeout or TooManyRequests or >= ServerError;

    private static string FirstLine(string text) => text.Split('\r', '\n')[0].TrimEnd('.');
}
