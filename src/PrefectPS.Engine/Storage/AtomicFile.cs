namespace PrefectPS.Storage;

/// <summary>A file that takes another one's place in one move.</summary>
internal static class AtomicFile
{
    /// <summary>Gives <paramref name="source"/> the name <paramref name="destination"/>, in place of what has it.</summary>
    /// <exception cref="IOException">The move failed; both files are as they were.</exception>
    public static void Move(string source, string destination)
    {
#if NETSTANDARD
        // .NET Framework moves onto an existing file only by Replace, which wants one to be there.
        if (File.Exists(destination))
            File.Replace(source, destination, destinationBackupFileName: null);
        else
            File.Move(source, destination);
#else
        File.Move(source, destination, overwrite: true);
#endif
    }

    /// <summary>Deletes a draft that came to nothing; what stops it is of less interest than what stopped the write.</summary>
    public static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
