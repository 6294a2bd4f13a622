using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace PrefectPS.Storage;

/// <summary>Locks per path, shared between processes through a folder, and freed when their process ends.</summary>
/// <param name="folder">Folder of the lock files, created on first use. A lock file exists only while its lock is held.</param>
/// <param name="patience">Maximum wait for a lock, which is held while a file is compared and moved.</param>
internal sealed class PathLocks(string folder, TimeSpan patience)
{
    /// <summary>Default maximum wait.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(30);

    private const string Prefix = "lock-";
    private const int NameLength = 32; // of 64 hex digits: excludes accidental collisions

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    private int _isSwept;

    /// <summary>Acquires the lock of a path, waiting for it.</summary>
    /// <returns>Releases the lock when disposed.</returns>
    /// <exception cref="IOException">Timed out, or the file cannot be written.</exception>
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

    // Removes lock and probe files left by crashed processes.
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
                // Held, or owned by another user.
            }
        }
    }

    /// <summary>Lock file of a path: the same in every process, and for all paths that a file system may consider equal.</summary>
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
