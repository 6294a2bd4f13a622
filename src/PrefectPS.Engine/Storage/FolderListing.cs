namespace PrefectPS.Storage;

/// <summary>Lists the objects below a folder by path prefix, in ordinal order.</summary>
/// <param name="root">Root folder of the store.</param>
/// <param name="prefix">The path prefix.</param>
/// <param name="tempFiles">Sweeps temporary files.</param>
internal sealed class FolderListing(string root, string prefix, TempFiles tempFiles)
{
    /// <summary>Enumerates the objects; folders are read lazily.</summary>
    public IEnumerable<StoreEntry> Entries() => Below(prefix.Substring(0, prefix.LastIndexOf('/') + 1));

    // Folders sort like their objects: "a-b" before "a/b" before "a0b".
    private IEnumerable<StoreEntry> Below(string folder)
    {
        foreach (var found in Read(folder))
        {
            if (found.Item is FileInfo file)
                yield return new(found.Path, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
            else
            {
                foreach (var entry in Below(found.Path))
                    yield return entry;
            }
        }
    }

    private IReadOnlyList<Found> Read(string folder)
    {
        var directory = new DirectoryInfo(Path.Combine(root, folder));
        if (!directory.Exists) // checked before each body: an exception would cost more than the body
            return [];
        try
        {
            if (tempFiles.Sweep(directory.FullName))
                EmptyFolders.Remove(Path.GetFullPath(directory.FullName).TrimEnd(Path.DirectorySeparatorChar), root);
            return
            [
                .. directory.GetFileSystemInfos()
                    .Where(item => StorePath.FaultIn(item.Name) is null)
                    .Select(item => new Found(folder + item.Name + (item is DirectoryInfo ? "/" : string.Empty), item))
                    .Where(each => IsBelowOrAbove(each.Path) && each.Item.Exists)
                    .OrderBy(each => each.Path, StringComparer.Ordinal),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (StoreFault.OfFile(e) is { } fault)
        {
            throw ProviderErrors.StoreFailed(root, "list", prefix, fault);
        }
    }

    private bool IsBelowOrAbove(string path) =>
        path.StartsWith(prefix, StringComparison.Ordinal) || (path[path.Length - 1] == '/' && prefix.StartsWith(path, StringComparison.Ordinal));

    private sealed record Found(string Path, FileSystemInfo Item);
}
