using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using PrefectPS.Storage;

namespace PrefectPS.Azure.Storage;

/// <summary>A store in an Azure Blob Storage container. A version is a blob's ETag.</summary>
public sealed class BlobStore : RemoteStore
{
    private readonly BlobContainerClient _container;
    private readonly BlobFaults _faults;
    private readonly int? _pageSize;

    /// <summary>Creates a store; sends no request.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address or the credentials are invalid.</exception>
    public static BlobStore Open(StoreOptions options) => new(BlobAddress.Parse(options), options);

    private BlobStore(BlobAddress address, StoreOptions options)
        : base(address.Name, address.Prefix, options.Retry)
    {
        var (service, expires) = BlobAccess.Connect(address, options, new BlobClientOptions
        {
            RetryPolicy = new ReportedRetry(address.Name, options.Retry),
            Retry = { NetworkTimeout = options.Retry.TryTime },
            Diagnostics = { IsTelemetryEnabled = false },
        });
        _container = service.GetBlobContainerClient(address.Container);
        _faults = new(address.Container, expires);
        _pageSize = options.PageSize;
    }

    /// <inheritdoc/>
    protected override async Task<RemoteContent?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            BlobDownloadStreamingResult found = await _container.GetBlobClient(key).DownloadStreamingAsync(cancellationToken: cancellationToken);
            return new(found.Content, found.Details.ContentLength, found.Details.ETag.ToString());
        }
        catch (RequestFailedException e) when (BlobFaults.IsNotFound(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    protected override async Task<string?> PutAsync(Upload upload, CancellationToken cancellationToken)
    {
        var blob = _container.GetBlockBlobClient(upload.Key);
        var conditions = ConditionsOf(upload.Condition);
        var mark = new Dictionary<string, string>(StringComparer.Ordinal) { [Upload.IdName] = upload.Id };
        try
        {
            BlobContentInfo written = upload.Rest is null
                ? await blob.UploadAsync(StreamOf(upload.First), new() { Conditions = conditions, Metadata = mark }, cancellationToken)
                : await blob.CommitBlockListAsync(
                    await StageAsync(blob, upload, cancellationToken), new() { Conditions = conditions, Metadata = mark }, cancellationToken);
            return written.ETag.ToString();
        }
        catch (RequestFailedException e) when (!upload.Condition.IsAlways && BlobFaults.IsConflict(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    protected override async Task<string?> FindAsync(Upload upload, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await _container.GetBlobClient(upload.Key).GetPropertiesAsync(cancellationToken: cancellationToken);
            return found.Metadata.TryGetValue(Upload.IdName, out var id) && id == upload.Id ? found.ETag.ToString() : null;
        }
        catch (RequestFailedException e) when (BlobFaults.IsNotFound(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    protected override async Task<bool?> RemoveAsync(string key, string? version, CancellationToken cancellationToken)
    {
        var blob = _container.GetBlobClient(key);
        var conditions = version is null ? null : ConditionsOf(WriteCondition.IfVersion(version));
        try
        {
            await blob.DeleteAsync(conditions: conditions, cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (BlobFaults.IsNotFound(e))
        {
            return false;
        }
        catch (RequestFailedException e) when (version is not null && BlobFaults.IsConflict(e))
        {
            // A missing blob matches no version, and deleting it is no conflict.
            return await blob.ExistsAsync(cancellationToken) ? null : false;
        }
    }

    /// <inheritdoc/>
    protected override async Task<(IReadOnlyList<StoreEntry> Entries, string? Next)> ListPageAsync(
        string prefix, string? after, CancellationToken cancellationToken)
    {
        var (items, next) = await ReadPageAsync(_container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken), after, cancellationToken);
        return ([.. items.Select(EntryOf)], next);
    }

    /// <inheritdoc/>
    protected override async Task<(IReadOnlyList<string> Keys, string? Next)> ListFolderPageAsync(string prefix, string? after, CancellationToken cancellationToken)
    {
        var (items, next) = await ReadPageAsync(
            _container.GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", prefix, cancellationToken), after, cancellationToken);
        return ([.. items.Where(item => item.IsPrefix).Select(item => item.Prefix)], next);
    }

    /// <inheritdoc/>
    protected override StoreFault? Explain(Exception e) => _faults.Explain(e);

    private async Task<(IReadOnlyList<T> Items, string? Next)> ReadPageAsync<T>(AsyncPageable<T> all, string? after, CancellationToken cancellationToken)
        where T : notnull
    {
        var pages = all.AsPages(after, _pageSize).GetAsyncEnumerator(cancellationToken);
        await using (pages)
        {
            await pages.MoveNextAsync();
            var next = pages.Current.ContinuationToken;
            return (pages.Current.Values, string.IsNullOrEmpty(next) ? null : next);
        }
    }

    private static StoreEntry EntryOf(BlobItem item) =>
        new(item.Name, item.Properties.ContentLength ?? 0, item.Properties.LastModified ?? default);

    // Uncommitted blocks are not part of the blob and expire by themselves.
    private static async Task<List<string>> StageAsync(BlockBlobClient blob, Upload upload, CancellationToken cancellationToken)
    {
        var blocks = new List<string>();
        var buffer = upload.First.Array!;
        for (var count = upload.First.Count; count > 0; count = await upload.Rest!.FillAsync(buffer, cancellationToken))
        {
            var id = Convert.ToBase64String(Encoding.ASCII.GetBytes(upload.Id + blocks.Count.ToString("d8", CultureInfo.InvariantCulture)));
            await blob.StageBlockAsync(id, StreamOf(new(buffer, 0, count)), cancellationToken: cancellationToken);
            blocks.Add(id);
        }

        return blocks;
    }

    private static MemoryStream StreamOf(ArraySegment<byte> bytes) => new(bytes.Array!, bytes.Offset, bytes.Count, writable: false);

    private static BlobRequestConditions? ConditionsOf(WriteCondition condition) =>
        condition.IsAbsent ? new() { IfNoneMatch = ETag.All }
        : condition.Version is { } version ? new() { IfMatch = new ETag(version) }
        : null;
}
