using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary>A kind of store in a cloud.</summary>
/// <param name="Open">
/// Makes one. The provider's assembly, and the SDK behind it, is loaded when the function is first compiled: when the first such store is opened.
/// </param>
/// <param name="Options">What of <see cref="StoreOptions"/> it understands.</param>
internal sealed record CloudStores(Func<StoreOptions, IFlowStore> Open, string[] Options)
{
    /// <summary>The store.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: what is given does not fit together.</exception>
    public IFlowStore Resolve(StoreOptions options) =>
        FirstUnfit(options, Options) is { } unfit ? throw ModuleErrors.StoreOptionUnfit(options.Address, unfit) : Open(options);

    /// <summary>The first option that is given and not understood; null for none.</summary>
    public static string? FirstUnfit(StoreOptions options, string[] understood) => GivenOptions.FirstUnfit(
        [
            (nameof(options.ConnectionString), options.ConnectionString), (nameof(options.AccountKey), options.AccountKey),
            (nameof(options.SasToken), options.SasToken), (nameof(options.ClientId), options.ClientId), (nameof(options.KeyFile), options.KeyFile),
            (nameof(options.Endpoint), options.Endpoint),
        ],
        understood);
}
