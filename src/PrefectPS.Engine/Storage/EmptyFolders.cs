namespace PrefectPS.Storage;

/// <summary>Folders of a store in which nothing is left.</summary>
internal static class EmptyFolders
{
    /// <summary>Removes a folder, and those above it below the root, as long as they are empty.</summary>
    public static void Remove(string folder, string root)
    {
        try
        {
            for (; folder.Length > root.Length; folder = Path.GetDirectoryName(folder)!)
                Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is not empty, and so stays.
        }
    }
}
