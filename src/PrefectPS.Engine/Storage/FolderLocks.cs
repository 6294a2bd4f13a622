namespace PrefectPS.Storage;

/// <summary>Locks that processes share through a folder. One is free again when its process ends, however it ends.</summary>
/// <param name="folder">Where the lock files are; it is created with the first. They stay: to delete a lock file is to lose its lock.</param>
internal sealed class FolderLocks(string folder)
{
    // Paths share a few locks, so that the files stay few.
    private const int Count = 16;

    private const uint FirstHash = 2166136261;
    private const uint HashFactor = 16777619;

    // A lock is held for as long as it takes to compare and move a file.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes the lock of a path, when it is free.</summary>
    /// <returns>What frees it when disposed of.</returns>
    /// <exception cref="IOException">It was not free for half a minute, or its file cannot be written.</exception>
    public async ValueTask<IDisposable> TakeAsync(string path, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, $"lock-{HashOf(path) % Count:x}");
        var until = DateTime.UtcNow + Patience;
        for (var pause = TimeSpan.FromMilliseconds(1); ; pause = pause + pause < LongestPause ? pause + pause : LongestPause)
        {
            try
            {
                return Open(file);
            }
            catch (IOException e) when (StoreFault.IsFileInUse(e) && DateTime.UtcNow < until)
            {
                await Task.Delay(pause, cancellationToken);
            }
        }
    }

    private FileStream Open(string file)
    {
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            // The folder was missing; where another makes it just then, .NET says that the file was.
            Directory.CreateDirectory(folder);
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
    }

    // The same in every process, and for all paths that a file system takes for one.
    private static uint HashOf(string path)
    {
        var hash = FirstHash;
        foreach (var c in path)
            hash = unchecked((hash ^ (c == '\\' ? '/' : char.ToUpperInvariant(c))) * HashFactor);
        return hash;
    }
}
