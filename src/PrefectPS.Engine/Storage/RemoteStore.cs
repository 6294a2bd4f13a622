using System.Runtime.CompilerServices;
using System.Text;
using PrefectPS.Telemetry;

namespace PrefectPS.Storage;

/// <summary>What the stores behind a network have in common: keys below a prefix, time limits, one error for each fault.</summary>
/// <param name="name">The store's address without credentials, which is also its name.</param>
/// <param name="prefix">What all keys begin with; empty, or without a <c>/</c> at its end.</param>
/// <param name="retry">How patient it is.</param>
internal abstract class RemoteStore(string name, string prefix, StoreRetry retry) : IFolderLister
{
    /// <summary>The bytes that go in one request; a larger object is sent in blocks of so many.</summary>
    protected const int BlockSize = 4 * 1024 * 1024;

    private readonly string _start = prefix.Length == 0 ? string.Empty
        : Encoding.UTF8.GetByteCount(prefix) is > Limits.MaxPrefixBytes and var bytes
            ? throw FlowErrors.StoreInvalid(name, FormattableString.Invariant($"its prefix has {bytes} bytes, and one may have {Limits.MaxPrefixBytes}, so that there is room for names behind it"))
        : prefix + "/";

    public string Name => name;

    public string Address => name;

    /// <summary>What is wrong with a path that has nothing wrong with it elsewhere; null for nothing.</summary>
    public string? FaultIn(string path) => Encoding.UTF8.GetByteCount(_start) + Encoding.UTF8.GetByteCount(path) is > Limits.MaxKeyBytes and var bytes
        ? FormattableString.Invariant($"with the prefix of the store '{name}' it has {bytes} bytes, and the store allows {Limits.MaxKeyBytes}")
        : null;

    public async ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var key = _start + StorePath.Check(path);
        return await CallAsync("read", path, retry.TotalTime, stop => OpenAsync(key, stop), cancellationToken) is { } found
            ? new StoredObject(new StoredContent(found.Content, found.Length, Name, path, FaultOf), found.Length, () => found.Version)
            : null;
    }

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
            ?? throw FlowErrors.StoreConflict(Name, path, condition);
    }

    public async ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken)
    {
        var key = _start + StorePath.Check(path);
        return await CallAsync("delete", path, retry.TotalTime, stop => RemoveAsync(key, version, stop), cancellationToken)
            ?? throw FlowErrors.StoreConflict(Name, path, WriteCondition.IfVersion(version!));
    }

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

    /// <summary>Opens an object; null where there is none.</summary>
    protected abstract Task<RemoteContent?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Writes an object that is marked with the upload's id.</summary>
    /// <returns>Its version; null where the condition does not hold.</returns>
    protected abstract Task<string?> PutAsync(Upload upload, CancellationToken cancellationToken);

    /// <summary>The version of an object if it is marked with the upload's id; null where it is not.</summary>
    protected abstract Task<string?> FindAsync(Upload upload, CancellationToken cancellationToken);

    /// <summary>Deletes an object.</summary>
    /// <returns>Whether there was one; null where it has another version than the one given.</returns>
    protected abstract Task<bool?> RemoveAsync(string key, string? version, CancellationToken cancellationToken);

    /// <summary>The objects whose keys begin with a prefix: as many as one answer holds, and where the next answer begins.</summary>
    protected abstract Task<(IReadOnlyList<StoreEntry> Entries, string? Next)> ListPageAsync(string prefix, string? after, CancellationToken cancellationToken);

    /// <summary>What keys of objects have in common that have a <c>/</c> behind a prefix, up to that: as many as one answer holds, and where the next answer begins.</summary>
    protected abstract Task<(IReadOnlyList<string> Keys, string? Next)> ListFolderPageAsync(string prefix, string? after, CancellationToken cancellationToken);

    /// <summary>What an exception of the service's client means, in words that hold no secret; null where it means nothing.</summary>
    protected abstract StoreFault? Explain(Exception e);

    private Task<T> CallAsync<T>(
        string operation, string path, TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        StoreRequests.MeasureAsync(operation, Name, path, () => new ValueTask<T>(
            RemoteCall.MakeAsync(call, limit, Explain, fault => FlowErrors.StoreFailed(Name, operation, path, fault), cancellationToken))).AsTask();

    private StoreFault? FaultOf(Exception e) => Explain(e) ?? StoreFault.OfNetwork(e);

    /// <summary>An object as the service sends it.</summary>
    /// <param name="Content">Its content.</param>
    /// <param name="Length">Its size in bytes.</param>
    /// <param name="Version">Its version.</param>
    protected sealed record RemoteContent(Stream Content, long Length, string Version);

    /// <summary>An object on its way to the service.</summary>
    /// <param name="Key">Its key.</param>
    /// <param name="First">The first block of its content.</param>
    /// <param name="Rest">What comes after that; null where the first block is all.</param>
    /// <param name="Condition">What must be true of the object that has the key.</param>
    protected sealed record Upload(string Key, ArraySegment<byte> First, Stream? Rest, WriteCondition Condition)
    {
        /// <summary>The name that the id of the write has among the object's metadata.</summary>
        public const string IdName = "prefectps_write";

        /// <summary>What this write is known by, however often it is sent.</summary>
        public string Id { get; } = Guid.NewGuid().ToString("n");
    }
}
