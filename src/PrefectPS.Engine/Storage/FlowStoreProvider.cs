namespace PrefectPS.Storage;

/// <summary>Members of <see cref="FlowStore"/> for other assemblies.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class FlowStoreProvider
{
    extension(FlowStore store)
    {
        /// <summary>The underlying store.</summary>
        public IFlowStore Provider => store.Provider;

        /// <summary>Wraps a store for users.</summary>
        /// <param name="provider">The store.</param>
        /// <param name="limits">How many tasks with a tag may run at a time in all runs of the store, by tag; null for no limits.</param>
        public static FlowStore Of(IFlowStore provider, IReadOnlyDictionary<string, int>? limits = null) => new(provider, limits);
    }

    /// <summary>Returns the part of a store below a prefix, as a store. It has the capabilities of the whole store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="prefix">A path.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: the prefix is not a path.</exception>
    public static IFlowStore Below(this IFlowStore store, string prefix) => PrefixedStore.Of(store, prefix);
}
