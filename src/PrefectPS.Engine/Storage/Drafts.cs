using System.Collections.Concurrent;

namespace PrefectPS.Storage;

/// <summary>The files that writes go to before they are objects. Those of processes that died in a write are removed a day later.</summary>
internal sealed class Drafts
{
    private const string Extension = ".tmp";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, bool> _swept = new(StringComparer.Ordinal);

    /// <summary>The name of a new draft in a folder. No object can have it.</summary>
    public static string NewName(string folder) => Path.Combine(folder, $"{StorePath.Reserved}-{Guid.NewGuid():n}{Extension}");

    /// <summary>Removes the drafts that were left in a folder, when it is first seen.</summary>
    public void Sweep(string folder)
    {
        if (!_swept.TryAdd(folder, true))
            return;
        foreach (var file in new DirectoryInfo(folder).GetFiles($"{StorePath.Reserved}-*{Extension}"))
        {
            if (DateTime.UtcNow - file.LastWriteTimeUtc > Lifetime)
                AtomicFile.TryDelete(file.FullName);
        }
    }
}
