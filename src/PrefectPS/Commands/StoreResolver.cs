using System.Management.Automation;
using PrefectPS.Azure.Storage;
using PrefectPS.Google.Storage;
using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary>
/// The store that an address names: a folder, absolute or relative to the session's location, <c>file:</c>, <c>memory:</c>, or one in a cloud.
/// </summary>
internal static class StoreResolver
{
    private const string SchemeMark = "://";
    private const string FilePrefix = "file:";
    private const string MemoryPrefix = "memory:";

    // The assembly of a provider, and the SDK behind it, is loaded when its store is first opened: when such a function is first compiled.
    private static readonly Dictionary<string, Func<StoreOptions, IFlowStore>> Clouds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gs"] = options => BucketStore.Open(options),
        ["azblob"] = options => BlobStore.Open(options),
        ["https"] = options => BlobStore.Open(options),
        ["http"] = options => BlobStore.Open(options),
    };

    /// <summary>The store.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: it names no kind of store that there is.</exception>
    public static IFlowStore Resolve(string address, SessionState session) => Resolve(new StoreOptions { Address = address }, session);

    /// <summary>The store, with what else is needed to get into it.</summary>
    /// <inheritdoc cref="Resolve(string, SessionState)"/>
    public static IFlowStore Resolve(StoreOptions options, SessionState session)
    {
        var address = options.Address;
        if (address.StartsWith(FilePrefix, StringComparison.OrdinalIgnoreCase))
            return new FolderStore(new Uri(address).LocalPath);
        if (address.StartsWith(MemoryPrefix, StringComparison.OrdinalIgnoreCase))
            return MemoryStore.Named(address.Substring(MemoryPrefix.Length));
        if (address.IndexOf(SchemeMark, StringComparison.Ordinal) is > 0 and var end)
        {
            var scheme = address.Substring(0, end);
            return Clouds.TryGetValue(scheme, out var open) ? open(options) : throw ModuleErrors.StoreUnknown(address, scheme, Clouds.Keys);
        }

        var path = session.Path.GetUnresolvedProviderPathFromPSPath(address, out var provider, out _);
        return provider.Name == "FileSystem" ? new FolderStore(path) : throw ModuleErrors.StoreNotFileSystem(address);
    }
}
