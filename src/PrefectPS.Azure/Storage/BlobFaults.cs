using System.Globalization;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using PrefectPS.Storage;

namespace PrefectPS.Azure.Storage;

/// <summary>What the errors of Azure Blob Storage mean. The service's own texts are not passed on: they quote signatures.</summary>
/// <param name="container">The container.</param>
/// <param name="expires">When the shared access signature ends, where there is one.</param>
internal sealed class BlobFaults(string container, DateTimeOffset? expires)
{
    private const int RequestTimeout = 408;
    private const int TooManyRequests = 429;
    private const int ServerError = 500;

    /// <summary>Whether there is no such blob. That there is no such container is another matter.</summary>
    public static bool IsNotThere(RequestFailedException e) => e.ErrorCode == BlobErrorCode.BlobNotFound || (e.Status == 404 && e.ErrorCode is null or "");

    /// <summary>Whether a condition does not hold.</summary>
    /// <remarks>The blocks of an upload are gone when another writer's blob was committed meanwhile.</remarks>
    public static bool IsConflict(RequestFailedException e) =>
        e.Status == 412 || e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.ErrorCode == BlobErrorCode.InvalidBlockList || IsNotThere(e);

    /// <summary>What an exception means; null where it means nothing.</summary>
    public StoreFault? Explain(Exception e) => e switch
    {
        // So the client ends when all its tries have failed; the last one says what it is.
        AggregateException { InnerExceptions: { Count: > 0 } tries } => Explain(tries[tries.Count - 1]) ?? StoreFault.OfNetwork(tries[tries.Count - 1]),
        CredentialUnavailableException => new(
            "no credentials were found: set AZURE_STORAGE_CONNECTION_STRING, sign in to Azure, give the machine a managed identity, or use New-FlowStore", IsTransient: false),
        AuthenticationFailedException => new($"signing in to Azure failed: {FirstLine(e.Message)}", IsTransient: false),
        RequestFailedException { Status: > 0 } answer => OfAnswer(answer),
        RequestFailedException { InnerException: { } unanswered } => StoreFault.OfNetwork(unanswered),
        _ => null,
    };

    private StoreFault OfAnswer(RequestFailedException e)
    {
        if (e.ErrorCode == BlobErrorCode.ContainerNotFound)
            return new($"there is no container '{container}' in the account: create it, or name another", IsTransient: false, e);
        if (e.ErrorCode == BlobErrorCode.InvalidBlockList)
            return new("someone else wrote it at the same time", IsTransient: true, e);
        if (e.Status is 401 or 403)
            return new(Refusal(e), IsTransient: false);
        var isTransient = e.Status is RequestTimeout or TooManyRequests or >= ServerError;
        return new($"it answered {Answer(e)}", isTransient, e);
    }

    private string Refusal(RequestFailedException e) =>
        expires is { } end && end <= DateTimeOffset.UtcNow
            ? $"the shared access signature expired at {end.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}"
            : e.Status == 401 || e.ErrorCode == BlobErrorCode.AuthenticationFailed || e.ErrorCode == BlobErrorCode.InvalidAuthenticationInfo
                ? $"it does not accept the credentials ({Answer(e)})"
                : $"the credentials do not allow it ({Answer(e)})";

    private static string Answer(RequestFailedException e) =>
        string.IsNullOrEmpty(e.ErrorCode) ? e.Status.ToString(CultureInfo.InvariantCulture) : $"{e.Status} {e.ErrorCode}";

    private static string FirstLine(string text) => text.Split('\r', '\n')[0].TrimEnd('.');
}
