using System.Globalization;
using Azure;
using Azure.Identity;
using Azure.Storage.Queues.Models;
using PrefectPS.Storage;

namespace PrefectPS.Azure.Channels;

/// <summary>What the errors of an Azure Storage queue mean. The service's own texts are not passed on: they quote signatures.</summary>
internal static class QueueFaults
{
    private const int RequestTimeout = 408;
    private const int TooManyRequests = 429;
    private const int ServerError = 500;

    /// <summary>Whether a message is no longer that of a delivery: someone else has it, or has completed it.</summary>
    public static bool IsLost(RequestFailedException e) =>
        e.ErrorCode == QueueErrorCode.MessageNotFound || e.ErrorCode == QueueErrorCode.PopReceiptMismatch || e is { Status: 404, ErrorCode: null or "" };

    /// <summary>What an exception means; null where it means nothing.</summary>
    public static StoreFault? Explain(Exception e, QueueAddress address) => e switch
    {
        // So the client ends when all its tries have failed; the last one says what it is.
        AggregateException { InnerExceptions: { Count: > 0 } tries } => Explain(tries[tries.Count - 1], address) ?? StoreFault.OfNetwork(tries[tries.Count - 1]),
        CredentialUnavailableException => new(
            "no credentials were found: set AZURE_STORAGE_CONNECTION_STRING, sign in to Azure, give the machine a managed identity, or use New-FlowChannel", IsTransient: false),
        AuthenticationFailedException => new("signing in to Azure failed", IsTransient: false),
        RequestFailedException answer when answer.ErrorCode == QueueErrorCode.QueueNotFound => new(
            $"there is no queue '{address.Queue}' in the account: create it, or name another", IsTransient: false, answer),
        RequestFailedException { Status: 401 or 403 } => new("the credentials do not allow it", IsTransient: false),
        RequestFailedException { Status: > 0 } answer => new(
            $"it answered {answer.Status.ToString(CultureInfo.InvariantCulture)} {answer.ErrorCode}",
            answer.Status is RequestTimeout or TooManyRequests or >= ServerError, answer),
        _ => null,
    };
}
