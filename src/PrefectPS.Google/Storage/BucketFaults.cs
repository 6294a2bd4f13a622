using System.Globalization;
using System.Net;
using Google;
using PrefectPS.Storage;

namespace PrefectPS.Google.Storage;

/// <summary>What the errors of Google Cloud Storage mean.</summary>
internal static class BucketFaults
{
    // The service tells a bucket that is not there from an object that is not there in its text alone.
    private const string NoBucket = "bucket does not exist";

    /// <summary>Whether there is no such object. That there is no such bucket is another matter.</summary>
    public static bool IsNotThere(GoogleApiException e) => e.HttpStatusCode == HttpStatusCode.NotFound && !IsBucketMissing(e);

    /// <summary>Whether a condition does not hold.</summary>
    public static bool IsConflict(GoogleApiException e) => e.HttpStatusCode == HttpStatusCode.PreconditionFailed;

    /// <summary>What an exception means; null where it means nothing.</summary>
    public static StoreFault? Explain(Exception e, string bucket) => GoogleFaults.Explain(e, "New-FlowStore", answer => OfAnswer(answer, bucket));

    private static StoreFault OfAnswer(GoogleApiException e, string bucket) => e.HttpStatusCode switch
    {
        HttpStatusCode.NotFound => new(
            IsBucketMissing(e) ? $"there is no bucket '{bucket}': create it, or specify another" : "it answered 404", IsTransient: false, e),
        HttpStatusCode.Unauthorized => new("it does not accept the credentials (401)", IsTransient: false),
        HttpStatusCode.Forbidden => new("the credentials do not allow it (403)", IsTransient: false),
        var status => new($"it answered {((int)status).ToString(CultureInfo.InvariantCulture)}", ReportedBackOff.IsTransient(status), e),
    };

    private static bool IsBucketMissing(GoogleApiException e) => e.Error?.ErrorResponseContent?.Contains(NoBucket) == true;
}
