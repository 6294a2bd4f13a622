namespace PrefectPS.Storage;

/// <summary>Gives a finished file its name, in one step.</summary>
public static class AtomicFile
{
    private const int FileExistsOnWindows = 80;
    private const int AlreadyExistsOnWindows = 183;

    /// <summary>Renames a file, in place of the one that has the name.</summary>
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

    /// <summary>Renames a file if nothing has the name: of any number of processes that try at once, one succeeds. No lock is involved.</summary>
    /// <returns>False where the name is taken; both files are as they were.</returns>
    /// <exception cref="IOException">The move failed; the file is as it was.</exception>
    /// <remarks>.NET's own Move without overwriting looks first and renames then on Unix, which is two steps.</remarks>
    internal static bool TryCreate(string source, string destination) => Posix.IsHere ? TryCreateOnUnix(source, destination) : TryCreateOnWindows(source, destination);

    /// <summary>Deletes a file that is not needed any more; what stops it is of less interest than what stopped the write.</summary>
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

    // NFS cannot rename this way, but link; FAT cannot link, but rename.
    private static bool TryCreateOnUnix(string source, string destination)
    {
        var error = Posix.RenameIfAbsent(source, destination);
        if (Posix.IsLacking(error))
        {
            error = Posix.Link(source, destination);
            if (error == 0)
                TryDelete(source);
        }

        return error switch
        {
            0 => true,
            Posix.Exists => false,
            _ => throw Posix.Failed(error, destination),
        };
    }

    private static bool TryCreateOnWindows(string source, string destination)
    {
        try
        {
            File.Move(source, destination);
            return true;
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is FileExistsOnWindows or AlreadyExistsOnWindows)
        {
            return false;
        }
    }
}
