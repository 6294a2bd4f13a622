namespace PrefectPS.Storage;

/// <summary>A store that can list the folders directly below a prefix without listing what is in them. With one, runs are found whose entry in the index was deleted.</summary>
public interface IFolderLister : IFlowStore
{
    /// <summary>Lists the names of the folders directly below a folder, in any order. A path <c>a/b/c</c> means a folder <c>b</c> in <c>a/</c>.</summary>
    /// <param name="folder">The folder: empty, or a path that ends in <c>/</c>.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: they cannot be listed.</exception>
    IReadOnlyList<string> FoldersIn(string folder);
}
