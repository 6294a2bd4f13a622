using System.Collections.Concurrent;

namespace PrefectPS.Storage;

/// <summary>The files that writes go to before they are objects. Those of processes that died in a write are removed a day later.</summary>
public sealed class TempFiles
{
    private const string Extension = ".tmp";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, string> _swept = new(StringComparer.Ordinal);

    /// <summary>The name of a new temporary file in a folder. No object can have it.</summary>
    public static string NewName(string folder) => Path.Combine(folder, $"{StorePath.Reserved}-{Guid.NewGuid():n}{Extension}");

    /// <summary>Removes the temporary files that were left in a folder, the first time it is used.</summary>
    /// <returns>Whether there were some.</returns>
    internal bool Sweep(string folder)
    {
        if (!_swept.TryAdd(folder, folder))
            return false;
        FileInfo[] left = [.. new DirectoryInfo(folder).GetFiles($"{StorePath.Reserved}-*{Extension}").Where(IsLeft)];
        foreach (var file in left)
            AtomicFile.TryDelete(file.FullName);
        return left.Length > 0;
    }

    /// <summary>Whether nobody works with a file any more. One from the future was written while a clock was wrong: it would stay until that time has come.</summary>
    internal static bool IsLeft(FileInfo file) => (DateTime.UtcNow - file.LastWriteTimeUtc).Duration() > Lifetime;
}
