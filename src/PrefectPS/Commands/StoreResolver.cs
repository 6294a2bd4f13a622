using System.Management.Automation;
using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary>The store that a text names: a folder, absolute or relative to the session's location, or a <c>file:</c> address.</summary>
internal static class StoreResolver
{
    private const string SchemeMark = "://";

    /// <summary>The store.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: it names no kind of store that there is.</exception>
    public static IFlowStore Resolve(string store, SessionState session)
    {
        if (store.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            return new FolderStore(new Uri(store).LocalPath);
        if (store.IndexOf(SchemeMark, StringComparison.Ordinal) is > 0 and var end)
            throw ModuleErrors.StoreUnknown(store, store.Substring(0, end));

        var path = session.Path.GetUnresolvedProviderPathFromPSPath(store, out var provider, out _);
        return provider.Name == "FileSystem" ? new FolderStore(path) : throw ModuleErrors.StoreNotFileSystem(store);
    }
}
