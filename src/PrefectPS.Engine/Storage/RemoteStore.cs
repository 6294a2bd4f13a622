using System.Runtime.CompilerServices;
using System.Text;
using PrefectPS.Telemetry;

namespace PrefectPS.Storage;

/// <summary>
/// The base of stores behind a network: it checks paths and puts them below a prefix, limits the time of calls, turns exceptions of the client into the errors of the contract, and
/// recognizes a write whose answer was lost.
/// </summary>
/// <param name="name">The address without credentials, which is also the name.</param>
/// <param name="prefix">The prefix of all keys, without a <c>/</c> at its end; empty for none.</param>
/// <param name="retry">The time limits.</param>
public abstract class RemoteStore(string name, string prefix, StoreRetry retry) : IFolderLister
{
    /// <summary>The size of one request in bytes. A larger object is sent in blocks of this size.</summary>
    protected const int BlockSize = 4 * 1024 * 1024;

    private readonly string _start = prefix.Length == 0 ? string.Empty
        : Encoding.UTF8.GetByteCount(prefix) is > Limits.MaxPrefixBytes and var bytes
            ? throw ProviderErrors.StoreInvalid(name, FormattableString.Invariant($"its prefix has {bytes} bytes, and one may have {Limits.MaxPrefixBytes}, so that there is room for names behind it"))
        : prefix + "/";

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Address => name;

    /// <summary>Says why this store cannot hold a path that others can; null if it can.</summary>
    internal string? FaultIn(string path) => Encoding.UTF8.GetByteCount(_start) + Encoding.UTF8.GetByteCount(path) is > Limits.MaxKeyBytes and var bytes
        ? FormattableString.Invariant($"with the prefix of the store '{name}' it has {bytes} bytes, and the store allows {Limits.MaxKeyBytes}")
        : null;

    /// <inheritdoc/>
    public async ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var key = _start + StorePath.Check(path);
        return await CallAsync("read", path, retry.TotalTime, stop => OpenAsync(key, stop), cancellationToken) is { } found
            ? new StoredObject(new StoredContent(found.Content, found.Length, Name, path, FaultOf), found.Length, () => found.Version)
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        var key = _start + StorePath.Check(path);
        var first = new byte[content.CanSeek ? (int)Math.Min(BlockSize, content.Length - content.Position) : BlockSize];
        var count = await content.FillAsync(first, cancellationToken);
        var upload = new Upload(key, new(first, 0, count), count < BlockSize ? null : content, condition);
        var version = await CallAsync("write", path, upload.Rest is null ? retry.TotalTime : Timeout.InfiniteTimeSpan, stop => PutAsync(upload, stop), cancellationToken);
        // When the answer to a write is lost, it is sent again and then finds itself: that is no conflict.
        return version
            ?? await CallAsync("write", path, retry.TotalTime, stop => FindAsync(upload, stop), cancellationToken)
            ?? throw ProviderErrors.StoreConflict(Name, path, condition);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken)
    {
        var key = _start + StorePath.Check(path);
        return await CallAsync("delete", path, retry.TotalTime, stop => RemoveAsync(key, version, stop), cancellationToken)
            ?? throw ProviderErrors.StoreConflict(Name, path, WriteCondition.IfVersion(version!));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = _start + StorePath.CheckPrefix(prefix);
        string? next = null;
        do
        {
            var after = next;
            var page = await CallAsync("list", prefix, retry.TotalTime, stop => ListPageAsync(start, after, stop), cancellationToken);
            foreach (var entry in page.Entries)
            {
                var path = entry.Path.Substring(_start.Length);
                if (StorePath.FaultIn(path) is null) // others keep things there, too, that have no path of ours
                    yield return entry with { Path = path };
            }

            next = page.Next;
        }
        while (next is not null);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FoldersIn(string folder)
    {
        var start = _start + StorePath.CheckPrefix(folder);
        var names = new List<string>();
        string? next = null;
        do
        {
            var after = next;
            var page = new ValueTask<(IReadOnlyList<string> Keys, string? Next)>(
                CallAsync("list", folder, retry.TotalTime, stop => ListFolderPageAsync(start, after, stop), CancellationToken.None)).Wait();
            names.AddRange(page.Keys.Select(key => key.Substring(start.Length).TrimEnd('/')));
            next = page.Next;
        }
        while (next is not null);
        return names;
    }

    /// <summary>Opens an object; null if there is none.</summary>
    protected abstract Task<RemoteContent?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Writes an object, and marks it with the id of the upload, in one step.</summary>
    /// <returns>Its version; null if the condition does not hold.</returns>
    protected abstract Task<string?> PutAsync(Upload upload, CancellationToken cancellationToken);

    /// <summary>Returns the version of an object that is marked with the id of the upload; null if it is not, or is not there.</summary>
    protected abstract Task<string?> FindAsync(Upload upload, CancellationToken cancellationToken);

    /// <summary>Deletes an object.</summary>
    /// <returns>Whether there was one; null if it has another version than the one given.</returns>
    protected abstract Task<bool?> RemoveAsync(string key, string? version, CancellationToken cancellationToken);

    /// <summary>Lists objects whose keys begin with a prefix, as many as one answer holds, and where the next answer begins (null at the end).</summary>
    protected abstract Task<(IReadOnlyList<StoreEntry> Entries, string? Next)> ListPageAsync(string prefix, string? after, CancellationToken cancellationToken);

    /// <summary>Lists the folders directly below a prefix as keys that end in <c>/</c>, as many as one answer holds, and where the next answer begins (null at the end).</summary>
    protected abstract Task<(IReadOnlyList<string> Keys, string? Next)> ListFolderPageAsync(string prefix, string? after, CancellationToken cancellationToken);

    /// <summary>Says what an exception of the client means, without secrets; null if the exception is not the client's.</summary>
    protected abstract StoreFault? Explain(Exception e);

    private Task<T> CallAsync<T>(
        string operation, string path, TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        StoreRequests.MeasureAsync(operation, Name, path, () => new ValueTask<T>(
            RemoteCall.MakeAsync(call, limit, Explain, fault => ProviderErrors.StoreFailed(Name, operation, path, fault), cancellationToken))).AsTask();

    private StoreFault? FaultOf(Exception e) => Explain(e) ?? StoreFault.OfNetwork(e);

    /// <summary>An object that is being received.</summary>
    /// <param name="Content">The content.</param>
    /// <param name="Length">The size in bytes.</param>
    /// <param name="Version">The version.</param>
    protected sealed record RemoteContent(Stream Content, long Length, string Version);

    /// <summary>An object that is being sent.</summary>
    /// <param name="Key">The key.</param>
    /// <param name="First">The first block of the content.</param>
    /// <param name="Rest">The content after that; null if the first block is all.</param>
    /// <param name="Condition">The condition of the write.</param>
    protected sealed record Upload(string Key, ArraySegment<byte> First, Stream? Rest, WriteCondition Condition)
    {
        /// <summary>The name of the id among the metadata of the object.</summary>
        public const string IdName = "prefectps_write";

        /// <summary>The id of this write, the same however often it is sent.</summary>
        public string Id { get; } = Guid.NewGuid().ToString("n");
    }
}
