using System.Collections.Concurrent;

namespace PrefectPS.Storage;

/// <summary>Temporary files of writes. Those left by crashed processes are removed after a day.</summary>
public sealed class TempFiles
{
    private const string Extension = ".tmp";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, string> _swept = new(StringComparer.Ordinal);

    /// <summary>Creates a name for a temporary file, which no object can have.</summary>
    public static string NewName(string folder) => Path.Combine(folder, $"{StorePath.Reserved}-{Guid.NewGuid():n}{Extension}");

    /// <summary>Removes leftover temporary files from a folder when it is first used.</summary>
    /// <returns>True if there were any.</returns>
    internal bool Sweep(string folder)
    {
        if (!_swept.TryAdd(folder, folder))
            return false;
        FileInfo[] left = [.. new DirectoryInfo(folder).GetFiles($"{StorePath.Reserved}-*{Extension}").Where(IsLeft)];
        foreach (var file in left)
            AtomicFile.TryDelete(file.FullName);
        return left.Length > 0;
    }

    /// <summary>True if a file is left over. A file dated in the future was written with a wrong clock, and counts too.</summary>
    internal static bool IsLeft(FileInfo file) => (DateTime.UtcNow - file.LastWriteTimeUtc).Duration() > Lifetime;
}
