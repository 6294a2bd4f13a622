using System.Globalization;
using Azure;
using Azure.Storage.Queues.Models;
using PrefectPS.Storage;

namespace PrefectPS.Azure.Channels;

/// <summary>Maps errors of Azure Storage queues. The service's texts are not shown, as they quote signatures.</summary>
internal static class QueueFaults
{
    /// <summary>True if a delivery has lost its message.</summary>
    public static bool IsLost(RequestFailedException e) =>
        e.ErrorCode == QueueErrorCode.MessageNotFound || e.ErrorCode == QueueErrorCode.PopReceiptMismatch || e is { Status: 404, ErrorCode: null or "" };

    /// <summary>Maps an exception to a fault; null for an unknown one.</summary>
    public static StoreFault? Explain(Exception e, QueueAddress address) =>
        AzureFaults.Explain(e, "New-FlowChannel", answer => OfResponse(answer, address));

    private static StoreFault OfResponse(RequestFailedException e, QueueAddress address)
    {
        if (e.ErrorCode == QueueErrorCode.QueueNotFound)
            return new($"there is no queue '{address.Queue}' in the account: create it, or specify another", IsTransient: false, e);
        if (e.Status is 401 or 403)
            return new("the credentials do not allow it", IsTransient: false);
        return new($"it answered {e.Status.ToString(CultureInfo.InvariantCulture)} {e.ErrorCode}", AzureFaults.IsTransient(e.Status), e);
    }
}
