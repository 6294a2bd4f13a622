using System.Management.Automation;
using PrefectPS.Azure.Storage;
using PrefectPS.Flows;
using PrefectPS.Google.Storage;
using PrefectPS.Runs;
using PrefectPS.Storage;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>
/// Resolves the store that a cmdlet is given: the output of New-FlowStore, the store of a flow or run, or an address: a folder, absolute or relative to the session's
/// location, <c>file:</c>, <c>memory:</c>, or one in a cloud.
/// </summary>
internal static class StoreResolver
{
    private static readonly CloudStores Blobs = new(
        options => BlobStore.Open(options),
        [nameof(StoreOptions.ConnectionString), nameof(StoreOptions.AccountKey), nameof(StoreOptions.SasToken), nameof(StoreOptions.ClientId), nameof(StoreOptions.Endpoint)]);

    private static readonly CloudStores Buckets = new(
        options => BucketStore.Open(options),
        [nameof(StoreOptions.KeyFile), nameof(StoreOptions.Endpoint)]);

    private static readonly Dictionary<string, CloudStores> Clouds = new(StringComparer.Ordinal)
    {
        ["gs"] = Buckets,
        ["azblob"] = Blobs,
        ["https"] = Blobs,
        ["http"] = Blobs,
    };

    /// <summary>The store.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the kind of store is unknown.</exception>
    public static IFlowStore Resolve(object store, SessionState session) => PowerShellValues.Instance.Unwrap(store) switch
    {
        FlowStore made => made.Provider,
        Flow flow => flow.Store ?? throw FlowErrors.RunWithoutStore(flow),
        FlowState run => run.Flow.Store ?? throw FlowErrors.RunWithoutStore(run.Flow),
        FlowRun run => run.Provider,
        _ => Resolve(new StoreOptions { Address = PlainText.Of(store) ?? throw ModuleErrors.NoStore(store) }, session),
    };

    /// <summary>The concurrency limits by tag of a store that New-FlowStore created with -ConcurrencyLimit.</summary>
    public static IReadOnlyDictionary<string, int> LimitsOf(object? store) =>
        PowerShellValues.Instance.Unwrap(store) is FlowStore made ? made.ConcurrencyLimit : new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The store, with its credentials and other options.</summary>
    /// <inheritdoc cref="Resolve(object, SessionState)"/>
    public static IFlowStore Resolve(StoreOptions options, SessionState session)
    {
        var store = Open(options, session);
        UsedAddresses.Stores.Note(store.Name);
        return store;
    }

    private static IFlowStore Open(StoreOptions options, SessionState session)
    {
        if (string.IsNullOrWhiteSpace(options.Address))
            throw ProviderErrors.StoreInvalid(options.Address, "its address is blank");
        if (options.Prefix is { } prefix)
            options.Address = StoreAddress.Below(options.Address, prefix);
        if (StoreAddress.SchemeOf(options.Address) is { } scheme && scheme is not ("file" or "memory"))
            return Clouds.TryGetValue(scheme, out var cloud) ? cloud.Resolve(options) : throw ModuleErrors.StoreUnknown(options.Address, scheme, Clouds.Keys);
        return CloudStores.FirstUnfit(options, []) is { } unfit ? throw ModuleErrors.StoreOptionUnfit(options.Address, unfit) : Here(options.Address, session);
    }

    private static IFlowStore Here(string address, SessionState session)
    {
        if (LocalAddress.MemoryName(address) is { } name)
            return MemoryStore.Named(name);
        return LocalAddress.FolderOf(address, session) is { } folder ? new FolderStore(folder) : throw ModuleErrors.StoreNotFileSystem(address);
    }
}
