using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using PrefectPS.Storage;

namespace PrefectPS.Azure.Storage;

/// <summary>Maps errors of Azure Blob Storage. The service's texts are not shown, as they quote signatures.</summary>
/// <param name="container">The container.</param>
/// <param name="expires">The SAS token's expiry, if any.</param>
internal sealed class BlobFaults(string container, DateTimeOffset? expires)
{
    /// <summary>True if the blob does not exist, in an existing container.</summary>
    public static bool IsNotFound(RequestFailedException e) => e.ErrorCode == BlobErrorCode.BlobNotFound || (e.Status == 404 && e.ErrorCode is null or "");

    /// <summary>True if a precondition failed.</summary>
    /// <remarks>An upload's blocks are gone when another writer has committed the blob meanwhile.</remarks>
    public static bool IsConflict(RequestFailedException e) =>
        e.Status == 412 || e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.ErrorCode == BlobErrorCode.InvalidBlockList || IsNotFound(e);

    /// <summary>Maps an exception to a fault; null for an unknown one.</summary>
    public StoreFault? Explain(Exception e) => AzureFaults.Explain(e, "New-FlowStore", OfResponse);

    private StoreFault OfResponse(RequestFailedException e)
    {
        if (e.ErrorCode == BlobErrorCode.ContainerNotFound)
            return new($"there is no container '{container}' in the account: create it, or specify another", IsTransient: false, e);
        if (e.ErrorCode == BlobErrorCode.InvalidBlockList)
            return new("someone else wrote it at the same time", IsTransient: true, e);
        if (e.Status is 401 or 403)
            return new(Refusal(e), IsTransient: false);
        return new($"it answered {Answer(e)}", AzureFaults.IsTransient(e.Status), e);
    }

    private string Refusal(RequestFailedException e) =>
        expires is { } end && end <= DateTimeOffset.UtcNow
            ? $"the shared access signature expired at {end.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}"
            : e.Status == 401 || e.ErrorCode == BlobErrorCode.AuthenticationFailed || e.ErrorCode == BlobErrorCode.InvalidAuthenticationInfo
                ? $"it does not accept the credentials ({Answer(e)})"
                : $"the credentials do not allow it ({Answer(e)})";

    private static string Answer(RequestFailedException e) =>
        string.IsNullOrEmpty(e.ErrorCode) ? e.Status.ToString(CultureInfo.InvariantCulture) : $"{e.Status} {e.ErrorCode}";
}
