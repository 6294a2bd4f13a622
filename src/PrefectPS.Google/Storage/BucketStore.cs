using System.Globalization;
using System.Net;
using Google;
using PrefectPS.Google.Storage.Api;
using PrefectPS.Storage;

namespace PrefectPS.Google.Storage;

/// <summary>A store in a bucket of Google Cloud Storage. A version is the object's generation.</summary>
internal sealed class BucketStore : RemoteStore
{
    private readonly BucketAddress _address;
    private readonly StoreOptions _options;
    private readonly LateClient<StorageClient> _client;

    private BucketStore(BucketAddress address, StoreOptions options)
        : base(address.ToString(), address.Prefix, options.Retry)
    {
        (_address, _options) = (address, options);
        _client = new(stop => StorageClient.ConnectAsync(address, options, stop));
    }

    /// <summary>A store at an address; nothing is sent yet.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address makes no sense.</exception>
    public static BucketStore Open(StoreOptions options) => new(BucketAddress.Parse(options.Address), options);

    protected override async Task<RemoteContent?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var client = await _client.GetAsync(cancellationToken);
        try
        {
            var found = await client.DownloadAsync(key, generation: null, offset: 0, cancellationToken);
            var content = new ResumedContent(found, Name, _options.Retry, (offset, stop) => client.DownloadAsync(key, found.Generation, offset, stop));
            return new(content, found.Length, found.Generation);
        }
        catch (GoogleApiException e) when (BucketFaults.IsNotThere(e))
        {
            return null;
        }
    }

    protected override async Task<string?> PutAsync(Upload upload, CancellationToken cancellationToken)
    {
        var client = await _client.GetAsync(cancellationToken);
        var target = new StorageObject { Name = upload.Key, Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [Upload.IdName] = upload.Id } };
        try
        {
            var written = upload.Rest is null
                ? await client.InsertAsync(target, upload.First, GenerationOf(upload.Condition), cancellationToken)
                : await client.InsertAsync(target, new LeadStream(upload.First, upload.Rest), BlockSize, GenerationOf(upload.Condition), cancellationToken);
            return written.Generation;
        }
        catch (GoogleApiException e) when (!upload.Condition.IsAlways && BucketFaults.IsConflict(e))
        {
            return null;
        }
    }

    protected override async Task<string?> FindAsync(Upload upload, CancellationToken cancellationToken)
    {
        var client = await _client.GetAsync(cancellationToken);
        try
        {
            var found = await client.GetAsync(upload.Key, cancellationToken);
            return found.Metadata?.TryGetValue(Upload.IdName, out var id) == true && id == upload.Id ? found.Generation : null;
        }
        catch (GoogleApiException e) when (BucketFaults.IsNotThere(e))
        {
            return null;
        }
    }

    protected override async Task<bool?> RemoveAsync(string key, string? version, CancellationToken cancellationToken)
    {
        var client = await _client.GetAsync(cancellationToken);
        try
        {
            await client.DeleteAsync(key, version, cancellationToken);
            return true;
        }
        catch (GoogleApiException e) when (BucketFaults.IsNotThere(e))
        {
            return false;
        }
        catch (GoogleApiException e) when (version is not null && BucketFaults.IsConflict(e))
        {
            // No version holds of an object that is not there, and to delete that is no conflict.
            return await ExistsAsync(client, key, cancellationToken) ? null : false;
        }
    }

    protected override async Task<(IReadOnlyList<StoreEntry> Entries, string? Next)> ListPageAsync(
        string prefix, string? after, CancellationToken cancellationToken)
    {
        var client = await _client.GetAsync(cancellationToken);
        var page = await client.ListAsync(prefix, after, _options.PageSize, cancellationToken);
        return ([.. (page.Items ?? []).Select(EntryOf)], string.IsNullOrEmpty(page.NextPageToken) ? null : page.NextPageToken);
    }

    protected override StoreFault? Explain(Exception e) => BucketFaults.Explain(e, _address.Bucket);

    private static StoreEntry EntryOf(StorageObject item) =>
        new(item.Name, long.Parse(item.Size ?? "0", CultureInfo.InvariantCulture), item.Updated is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : default);

    private static string? GenerationOf(WriteCondition condition) => condition.IsAbsent ? StorageClient.NoGeneration : condition.Version;

    private static async Task<bool> ExistsAsync(StorageClient client, string key, CancellationToken cancellationToken)
    {
        try
        {
            await client.GetAsync(key, cancellationToken);
            return true;
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
