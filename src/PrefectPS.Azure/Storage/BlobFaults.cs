using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using PrefectPS.Storage;

namespace PrefectPS.Azure.Storage;

/// <summary>What the errors of Azure Blob Storage mean. The service's own texts are not passed on: they quote signatures.</summary>
/// <param name="container">The container.</param>
/// <param name="expires">When the shared access signature ends, where there is one.</param>
internal sealed class BlobFaults(string container, DateTimeOffset? expires)
{
    /// <summary>Whether there is no such blob. That there is no such container is another matter.</summary>
    public static bool IsNotThere(RequestFailedException e) => e.ErrorCode == BlobErrorCode.BlobNotFound || (e.Status == 404 && e.ErrorCode is null or "");

    /// <summary>Whether a condition does not hold.</summary>
    /// <remarks>The blocks of an upload are gone when another writer's blob was committed meanwhile.</remarks>
    public static bool IsConflict(RequestFailedException e) =>
        e.Status == 412 || e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.ErrorCode == BlobErrorCode.InvalidBlockList || IsNotThere(e);

    /// <summary>What an exception means; null where it means nothing.</summary>
    public StoreFault? Explain(Exception e) => AzureFaults.Explain(e, "New-FlowStore", OfAnswer);

    private StoreFault OfAnswer(RequestFailedException e)
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
