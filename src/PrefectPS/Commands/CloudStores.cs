using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary>A kind of store in a cloud.</summary>
/// <param name="Open">
/// Creates a store. The provider's assembly and its SDK are loaded when this function is first compiled, that is, when the first such store is opened.
/// </param>
/// <param name="Options">The <see cref="StoreOptions"/> that it supports.</param>
internal sealed record CloudStores(Func<StoreOptions, IFlowStore> Open, string[] Options)
{
    /// <summary>The store.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the options conflict.</exception>
    public IFlowStore Resolve(StoreOptions options) =>
        FirstUnfit(options, Options) is { } unfit ? throw ModuleErrors.StoreOptionUnfit(options.Address, unfit) : Open(options);

    /// <summary>The first given option that is not supported; null for none.</summary>
    public static string? FirstUnfit(StoreOptions options, string[] understood) => GivenOptions.FirstUnfit(
        [
            (nameof(options.ConnectionString), options.ConnectionString), (nameof(options.AccountKey), options.AccountKey),
            (nameof(options.SasToken), options.SasToken), (nameof(options.ClientId), options.ClientId), (nameof(options.KeyFile), options.KeyFile),
            (nameof(options.Endpoint), options.Endpoint),
        ],
        understood);
}
