namespace PrefectPS.Storage;

/// <summary>Atomic file renames.</summary>
public static class AtomicFile
{
    private const int FileExistsOnWindows = 80;
    private const int AlreadyExistsOnWindows = 183;

    /// <summary>Renames a file, replacing an existing one.</summary>
    /// <exception cref="IOException">The move failed; both files are unchanged.</exception>
    public static void Move(string source, string destination)
    {
#if NETSTANDARD
        // .NET Framework can replace a file only by Replace, which requires that it exists.
        if (File.Exists(destination))
            File.Replace(source, destination, destinationBackupFileName: null);
        else
            File.Move(source, destination);
#else
        File.Move(source, destination, overwrite: true);
#endif
    }

    /// <summary>Renames a file if the name is free: of concurrent callers, in any process, exactly one succeeds. Lock-free.</summary>
    /// <returns>False if the name is taken; both files are unchanged.</returns>
    /// <exception cref="IOException">The move failed; the file is unchanged.</exception>
    /// <remarks>On Unix, File.Move without overwriting checks and then renames, which is not atomic.</remarks>
    internal static bool TryCreate(string source, string destination) => Posix.IsHere ? TryCreateOnUnix(source, destination) : TryCreateOnWindows(source, destination);

    /// <summary>Deletes an obsolete file, best effort.</summary>
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

    // NFS supports link but not this rename; FAT the reverse.
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
