namespace PrefectPS.Storage;

/// <summary>A store of a session, as code that builds on the engine sees it.</summary>
/// <remarks>PowerShell shows no extension members, so none of this is in the views of a session.</remarks>
public static class FlowStoreProvider
{
    extension(FlowStore store)
    {
        /// <summary>The store itself.</summary>
        public IFlowStore Provider => store.Provider;

        /// <summary>Makes a store one that a session can hold.</summary>
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
