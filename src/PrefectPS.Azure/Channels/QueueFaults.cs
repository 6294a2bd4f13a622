using System.Globalization;
using Azure;
using Azure.Storage.Queues.Models;
using PrefectPS.Storage;

namespace PrefectPS.Azure.Channels;

/// <summary>What the errors of an Azure Storage queue mean. The service's own texts are not passed on: they quote signatures.</summary>
internal static class QueueFaults
{
    /// <summary>Whether a message is no longer that of a delivery: someone else has it, or has completed it.</summary>
    public static bool IsLost(RequestFailedException e) =>
        e.ErrorCode == QueueErrorCode.MessageNotFound || e.ErrorCode == QueueErrorCode.PopReceiptMismatch || e is { Status: 404, ErrorCode: null or "" };

    /// <summary>What an exception means; null where it means nothing.</summary>
    public static StoreFault? Explain(Exception e, QueueAddress address) =>
        AzureFaults.Explain(e, "New-FlowChannel", answer => OfAnswer(answer, address));

    private static StoreFault OfAnswer(RequestFailedException e, QueueAddress address)
    {
        if (e.ErrorCode == QueueErrorCode.QueueNotFound)
            return new($"there is no queue '{address.Queue}' in the account: create it, or specify another", IsTransient: false, e);
        if (e.Status is 401 or 403)
            return new("the credentials do not allow it", IsTransient: false);
        return new($"it answered {e.Status.ToString(CultureInfo.InvariantCulture)} {e.ErrorCode}", AzureFaults.IsTransient(e.Status), e);
    }
}
