namespace PrefectPS.Storage;

/// <summary>A lock that is held: a file that is open and locked. The file is deleted with the lock.</summary>
/// <remarks>
/// Windows opens, locks and deletes by name in one step each. Elsewhere a file can lose its name between being opened and being locked, and another one
/// get the name meanwhile: both would be locked, by two. So who has locked a file writes an id into it that nobody else has, and holds
/// the lock only if the file of that name then has this id. Only who holds the lock takes the name away.
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

    /// <summary>Takes a lock if it is free.</summary>
    /// <returns>The lock; null where its file was deleted while it was taken: it may be free now.</returns>
    /// <exception cref="IOException">Someone else has it (<see cref="StoreFault.IsFileInUse"/>), or the file cannot be written.</exception>
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

    /// <summary>Gives the lock back.</summary>
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
            return null; // someone has removed the folder
        }
        catch (UnauthorizedAccessException e) when (!Posix.IsHere && File.Exists(file))
        {
            throw new IOException(e.Message, StoreFault.SharingViolation); // it is being deleted, until the last one closes it
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
