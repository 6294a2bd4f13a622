namespace PrefectPS.Storage;

/// <summary>A store that can list what is directly below a prefix without what is below that.</summary>
public interface IFolderLister : IFlowStore
{
    /// <summary>The names of the folders directly below one, in no order.</summary>
    /// <param name="folder">A path that ends in a <c>/</c>.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: they cannot be listed.</exception>
    IReadOnlyList<string> FoldersIn(string folder);
}
