namespace PrefectPS.Storage;

/// <summary>Removes empty folders of a store.</summary>
internal static class EmptyFolders
{
    /// <summary>Removes a folder and its parents below the root, as long as they are empty.</summary>
    public static void Remove(string folder, string root)
    {
        try
        {
            for (; folder.Length > root.Length; folder = Path.GetDirectoryName(folder)!)
                Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder is not empty.
        }
    }
}
