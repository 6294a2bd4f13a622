using System.Runtime.CompilerServices;

namespace PrefectPS.Storage;

/// <summary>The part of a store whose paths begin with a prefix, as a store. It can do what the whole store can.</summary>
internal class PrefixedStore : IFlowStore
{
    private readonly IFlowStore _whole;

    private PrefixedStore(IFlowStore whole, string prefix)
    {
        _whole = whole;
        Start = $"{StorePath.Check(prefix.TrimEnd('/', '\\'))}/";
        Name = $"{whole.Name.TrimEnd('/')}/{Start.TrimEnd('/')}";
        Address = StoreAddress.Below(whole.Address, Start.TrimEnd('/'));
    }

    public string Name { get; }

    public string Address { get; }

    private string Start { get; }

    /// <summary>The part of a store below a prefix.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: the prefix is no path.</exception>
    public static IFlowStore Of(IFlowStore whole, string prefix) => whole switch
    {
        ILocalStore and IFolderLister => new LocalLister(whole, prefix),
        IFolderLister => new Lister(whole, prefix),
        ILocalStore => new Local(whole, prefix),
        _ => new PrefixedStore(whole, prefix),
    };

    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken) => _whole.ReadAsync(Start + StorePath.Check(path), cancellationToken);

    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken) =>
        _whole.WriteAsync(Start + StorePath.Check(path), content, condition, cancellationToken);

    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken) =>
        _whole.DeleteAsync(Start + StorePath.Check(path), version, cancellationToken);

    public async IAsyncEnumerable<StoreEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in _whole.ListAsync(Start + StorePath.CheckPrefix(prefix), cancellationToken))
            yield return entry with { Path = entry.Path.Substring(Start.Length) };
    }

    private class Lister(IFlowStore whole, string prefix) : PrefixedStore(whole, prefix), IFolderLister
    {
        public IReadOnlyList<string> FoldersIn(string folder) => ((IFolderLister)_whole).FoldersIn(Start + StorePath.CheckPrefix(folder));
    }

    private sealed class Local(IFlowStore whole, string prefix) : PrefixedStore(whole, prefix), ILocalStore;

    private sealed class LocalLister(IFlowStore whole, string prefix) : Lister(whole, prefix), ILocalStore;
}
