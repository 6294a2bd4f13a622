using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace PrefectPS.Storage;

/// <summary>Locks of paths, one for each, that processes share through a folder. One is free again when its process ends, however it ends.</summary>
/// <param name="folder">Where the lock files are; it is created with the first. A lock file is there only while its lock is held.</param>
/// <param name="patience">How long to wait for a lock. One is held for as long as it takes to compare and move a file.</param>
internal sealed class PathLocks(string folder, TimeSpan patience)
{
    /// <summary>How long a write waits unless it is told.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(30);

    private const string Prefix = "lock-";
    private const int NameLength = 32; // of 64 hexadecimal digits: no two paths have the same by chance

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    private int _isSwept;

    /// <summary>Takes the lock of a path, when it is free.</summary>
    /// <returns>What frees it when disposed of.</returns>
    /// <exception cref="IOException">It was not free in time, or its file cannot be written.</exception>
    public async ValueTask<IDisposable> TakeAsync(string path, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isSwept, 1) == 0)
            Sweep();
        var file = FileOf(path);
        var waited = Stopwatch.StartNew();
        for (var pause = TimeSpan.FromMilliseconds(1); ; pause = pause + pause < LongestPause ? pause + pause : LongestPause)
        {
            try
            {
                Directory.CreateDirectory(folder);
                if (PathLock.TryTake(file) is { } taken)
                    return taken;
            }
            catch (IOException e) when (StoreFault.IsFileInUse(e))
            {
                if (waited.Elapsed > patience)
                    throw Busy(file, e);
            }

            await Task.Delay(pause, cancellationToken);
        }
    }

    // Files of locks, and of probes, that processes left which died while they had them.
    private void Sweep()
    {
        if (!Directory.Exists(folder))
            return;
        new TempFiles().Sweep(folder);
        foreach (var file in new DirectoryInfo(folder).GetFiles($"{Prefix}*").Where(TempFiles.IsLeft))
        {
            try
            {
                PathLock.TryTake(file.FullName)?.Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is held, or another user's.
            }
        }
    }

    /// <summary>The file that is locked for a path: the same one in every process, and for all paths that a file system takes for one.</summary>
    public string FileOf(string path)
    {
        using var sha = SHA256.Create();
        var hash = HashText.Of(sha.ComputeHash(Encoding.UTF8.GetBytes(path.Replace('\\', '/').ToUpperInvariant())));
        return Path.Combine(folder, $"{Prefix}{hash.Substring(0, NameLength)}");
    }

    private IOException Busy(string file, IOException e) => new(
        $"another process has been writing it for {patience.TotalSeconds:0.#} seconds. It is suspended or hangs. Resume or end it to release its lock ({file})",
        e.HResult);
}
