using System.Globalization;
using System.Net;
using Google;
using Google.Cloud.Storage.V1;
using PrefectPS.Storage;
using Object = Google.Apis.Storage.v1.Data.Object;
using Objects = Google.Apis.Storage.v1.Data.Objects;

namespace PrefectPS.Google.Storage;

/// <summary>A store in a Google Cloud Storage bucket. A version is an object's generation.</summary>
public sealed class BucketStore : RemoteStore
{
    private const string ContentType = "application/octet-stream";

    // The generation of a missing object.
    private const long NoGeneration = 0;

    // ReportedBackOff retries all requests. The client's own retry would repeat some without a notice, and covers neither broken connections nor uploads nor downloads.
    private static readonly GetObjectOptions Get = new() { RetryOptions = RetryOptions.Never };

    private readonly BucketAddress _address;
    private readonly StoreOptions _options;
    private readonly LazyClient<StorageClient> _client;

    private BucketStore(BucketAddress address, StoreOptions options)
        : base(address.ToString(), address.Prefix, options.Retry)
    {
        (_address, _options) = (address, options);
        _client = new(stop => BucketAccess.ConnectAsync(address, options, stop));
    }

    /// <summary>Creates a store; sends no request.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address or endpoint is invalid.</exception>
    public static BucketStore Open(StoreOptions options)
    {
        var address = BucketAddress.Parse(options.Address);
        return options.Endpoint is { AbsolutePath: not "/" } endpoint
            ? throw ProviderErrors.StoreInvalid(options.Address, $"its endpoint '{endpoint}' has a path: Google's client sends uploads to the host alone")
            : new(address, options);
    }

    /// <inheritdoc/>
    protected override async Task<RemoteContent?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var client = await _client.GetAsync(cancellationToken);
        try
        {
            var found = await BeginAsync(null, 0, cancellationToken);
            var content = new ResumedContent(found, Name, _options.Retry, (offset, stop) => BeginAsync(found.Generation, offset, stop));
            return new(content, found.Length, VersionOf(found.Generation));
        }
        catch (GoogleApiException e) when (BucketFaults.IsNotFound(e))
        {
            return null;
        }

        Task<Download> BeginAsync(long? generation, long offset, CancellationToken stop) =>
            Download.BeginAsync(client, _address.Bucket, key, generation, offset, stop);
    }

    /// <inheritdoc/>
    protected override async Task<string?> PutAsync(Upload upload, CancellationToken cancellationToken)
    {
        var client = await _client.GetAsync(cancellationToken);
        var target = new Object
        {
            Bucket = _address.Bucket,
            Name = upload.Key,
            ContentType = ContentType,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [Upload.IdName] = upload.Id },
        };
        var condition = GenerationOf(upload.Condition);
        try
        {
            var written = upload.Rest is null
                ? await client.InsertAsync(target, upload.First, condition, cancellationToken)
                : await client.UploadObjectAsync(target, new PrefixedStream(upload.First, upload.Rest), Blocks(condition), cancellationToken);
            return VersionOf(written?.Generation);
        }
        catch (GoogleApiException e) when (!upload.Condition.IsAlways && BucketFaults.IsConflict(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    protected override async Task<string?> FindAsync(Upload upload, CancellationToken cancellationToken)
    {
        var client = await _client.GetAsync(cancellationToken);
        try
        {
            var found = await client.GetObjectAsync(_address.Bucket, upload.Key, Get, cancellationToken);
            return found.Metadata?.TryGetValue(Upload.IdName, out var id) == true && id == upload.Id ? VersionOf(found.Generation) : null;
        }
        catch (GoogleApiException e) when (BucketFaults.IsNotFound(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    protected override async Task<bool?> RemoveAsync(string key, string? version, CancellationToken cancellationToken)
    {
        var client = await _client.GetAsync(cancellationToken);
        try
        {
            var options = new DeleteObjectOptions
            {
                IfGenerationMatch = version is null ? null : GenerationOf(version),
                RetryOptions = RetryOptions.Never,
            };
            await client.DeleteObjectAsync(_address.Bucket, key, options, cancellationToken);
            return true;
        }
        catch (GoogleApiException e) when (BucketFaults.IsNotFound(e))
        {
            return false;
        }
        catch (GoogleApiException e) when (version is not null && BucketFaults.IsConflict(e))
        {
            // A missing object matches no version, and deleting it is no conflict.
            return await ExistsAsync(client, key, cancellationToken) ? null : false;
        }
    }

    /// <inheritdoc/>
    protected override async Task<(IReadOnlyList<StoreEntry> Entries, string? Next)> ListPageAsync(
        string prefix, string? after, CancellationToken cancellationToken)
    {
        var (page, next) = await ReadPageAsync(prefix, after, delimiter: null, "items(name,size,updated)", cancellationToken);
        return ([.. (page.Items ?? []).Select(EntryOf)], next);
    }

    /// <inheritdoc/>
    protected override async Task<(IReadOnlyList<string> Keys, string? Next)> ListFolderPageAsync(string prefix, string? after, CancellationToken cancellationToken)
    {
        var (page, next) = await ReadPageAsync(prefix, after, delimiter: "/", "prefixes", cancellationToken);
        return ([.. page.Prefixes ?? []], next);
    }

    /// <inheritdoc/>
    protected override StoreFault? Explain(Exception e) => BucketFaults.Explain(e, _address.Bucket);

    private async Task<(Objects Page, string? Next)> ReadPageAsync(string prefix, string? after, string? delimiter, string fields, CancellationToken cancellationToken)
    {
        var client = await _client.GetAsync(cancellationToken);
        var options = new ListObjectsOptions
        {
            Delimiter = delimiter,
            PageToken = after,
            PageSize = _options.PageSize,
            Fields = $"{fields},nextPageToken",
            RetryOptions = RetryOptions.Never,
        };
        var pages = client.ListObjectsAsync(_address.Bucket, prefix, options).AsRawResponses().GetAsyncEnumerator(cancellationToken);
        await using (pages)
        {
            await pages.MoveNextAsync();
            return (pages.Current, string.IsNullOrEmpty(pages.Current.NextPageToken) ? null : pages.Current.NextPageToken);
        }
    }

    private static StoreEntry EntryOf(Object item) => new(item.Name, (long)(item.Size ?? 0), item.UpdatedDateTimeOffset ?? default);

    private static UploadObjectOptions Blocks(long? ifGeneration) => new() { ChunkSize = BlockSize, IfGenerationMatch = ifGeneration };

    private static long? GenerationOf(WriteCondition condition) =>
        condition.IsAbsent ? NoGeneration : condition.Version is { } version ? GenerationOf(version) : null;

    // A version that is not a number matches no object.
    private static long GenerationOf(string version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var generation) ? generation : long.MaxValue;

    private static string VersionOf(long? generation) =>
        generation?.ToString(CultureInfo.InvariantCulture) ?? throw new InvalidResponseException("the answer does not tell the generation of the object");

    private async Task<bool> ExistsAsync(StorageClient client, string key, CancellationToken cancellationToken)
    {
        try
        {
            await client.GetObjectAsync(_address.Bucket, key, Get, cancellationToken);
            return true;
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
