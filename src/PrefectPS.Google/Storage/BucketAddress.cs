using PrefectPS.Storage;

namespace PrefectPS.Google.Storage;

/// <summary>The address of a store in Google Cloud Storage: <c>gs://bucket/prefix</c>.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">The prefix of all paths; may be empty.</param>
internal sealed record BucketAddress(string Bucket, string Prefix)
{
    private const string Scheme = "gs://";
    private const int LongestBucket = 222;

    /// <summary>Parses an address; nothing in it is escaped.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address is malformed.</exception>
    public static BucketAddress Parse(string text)
    {
        var address = text.Substring(Scheme.Length).TrimEnd('/');
        var end = address.IndexOf('/') is >= 0 and var slash ? slash : address.Length;
        var (bucket, prefix) = (address.Substring(0, end), address.Substring(Math.Min(end + 1, address.Length)));
        if (bucket.Length is 0 or > LongestBucket || !bucket.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_' or '.'))
            throw ProviderErrors.StoreInvalid(text, "it is not the address of a bucket, which is gs://bucket or gs://bucket/prefix");
        return prefix.Length > 0 && StorePath.FaultIn(prefix) is { } fault
            ? throw ProviderErrors.StoreInvalid(text, $"of its prefix '{prefix}', {fault}")
            : new(bucket, prefix);
    }

    /// <summary>The address.</summary>
    public override string ToString() => Prefix.Length == 0 ? Scheme + Bucket : $"{Scheme}{Bucket}/{Prefix}";
}
