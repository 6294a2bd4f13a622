namespace PrefectPS.Storage;

/// <summary>A held lock: an open, locked file, deleted on release.</summary>
/// <remarks>
/// On Windows, open, lock and delete are atomic. Elsewhere, a file can be unlinked between being opened and locked, and another one created under its
/// name: two processes would hold the lock. So the owner writes a unique id to the file it has locked, and holds the lock only if the file of that name
/// then has this id. Only the owner unlinks the name.
/// </remarks>
internal sealed class PathLock : IDisposable
{
    private readonly FileStream _open;
    private readonly string _file;

    private PathLock(FileStream open, string file)
    {
        _open = open;
        _file = file;
    }

    /// <summary>Acquires a lock if it is free.</summary>
    /// <returns>The lock; null if its file was deleted meanwhile, in which case it may be free now.</returns>
    /// <exception cref="IOException">Someone else holds it (<see cref="StoreFault.IsFileInUse"/>), or the file cannot be written.</exception>
    public static PathLock? TryTake(string file)
    {
        var open = TryOpen(file);
        if (open is null)
            return null;
        try
        {
            if (!Posix.IsHere || HasName(open, file))
                return new(open, file);
        }
        catch
        {
            open.Dispose();
            throw;
        }

        open.Dispose();
        return null;
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        if (Posix.IsHere)
            AtomicFile.TryDelete(_file); // before it is unlocked
        _open.Dispose();
    }

    private static FileStream? TryOpen(string file)
    {
        try
        {
            var options = Posix.IsHere ? FileOptions.None : FileOptions.DeleteOnClose;
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, options);
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            return null; // the folder was removed
        }
        catch (UnauthorizedAccessException e) when (!Posix.IsHere && File.Exists(file))
        {
            throw new IOException(e.Message, StoreFault.SharingViolation); // delete pending until the last handle is closed
        }
    }

    private static bool HasName(FileStream open, string file)
    {
        var id = Guid.NewGuid().ToByteArray();
        open.Write(id, 0, id.Length);
        open.Flush();
        var found = new byte[id.Length];
        return Posix.TryReadLocked(file, found) && found.AsSpan().SequenceEqual(id);
    }
}
