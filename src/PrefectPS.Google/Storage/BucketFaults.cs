using System.Globalization;
using System.Net;
using Google;
using PrefectPS.Storage;

namespace PrefectPS.Google.Storage;

/// <summary>Maps errors of Google Cloud Storage.</summary>
internal static class BucketFaults
{
    // Only the response text distinguishes a missing bucket from a missing object.
    private const string NoBucket = "bucket does not exist";

    /// <summary>True if the object does not exist, in an existing bucket.</summary>
    public static bool IsNotFound(GoogleApiException e) => e.HttpStatusCode == HttpStatusCode.NotFound && !IsBucketMissing(e);

    /// <summary>True if a precondition failed.</summary>
    public static bool IsConflict(GoogleApiException e) => e.HttpStatusCode == HttpStatusCode.PreconditionFailed;

    /// <summary>Maps an exception to a fault; null for an unknown one.</summary>
    public static StoreFault? Explain(Exception e, string bucket) => GoogleFaults.Explain(e, "New-FlowStore", answer => OfResponse(answer, bucket));

    private static StoreFault OfResponse(GoogleApiException e, string bucket) => e.HttpStatusCode switch
    {
        HttpStatusCode.NotFound => new(
            IsBucketMissing(e) ? $"there is no bucket '{bucket}': create it, or specify another" : "it answered 404", IsTransient: false, e),
        HttpStatusCode.Unauthorized => new("it does not accept the credentials (401)", IsTransient: false),
        HttpStatusCode.Forbidden => new("the credentials do not allow it (403)", IsTransient: false),
        var status => new($"it answered {((int)status).ToString(CultureInfo.InvariantCulture)}", ReportedBackOff.IsTransient(status), e),
    };

    private static bool IsBucketMissing(GoogleApiException e) => e.Error?.ErrorResponseContent?.Contains(NoBucket) == true;
}
