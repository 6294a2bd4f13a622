using System.Globalization;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>A message's file, whose name holds everything mutable about the message.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Due">When the message becomes available.</param>
/// <param name="Id">The id, which sorts by sending time.</param>
/// <param name="Count">The number of deliveries.</param>
internal sealed record MessageFile(string Folder, DateTimeOffset Due, string Id, int Count)
{
    public const string Extension = ".message";

    private const char Separator = '_';
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfffffff";

    /// <summary>The file's path.</summary>
    public string Path => System.IO.Path.Combine(Folder, string.Join(Separator.ToString(), Format(Due), Id, Count.ToString(CultureInfo.InvariantCulture)) + Extension);

    /// <summary>Names the file of a new message.</summary>
    public static MessageFile New(string folder, DateTimeOffset now, DateTimeOffset due) => new(folder, due, $"{Format(now)}-{Guid.NewGuid():n}", 0);

    /// <summary>Parses a file name; null for other files.</summary>
    public static MessageFile? Parse(string path)
    {
        var parts = System.IO.Path.GetFileNameWithoutExtension(path).Split(Separator);
        return parts.Length == 3
            && DateTimeOffset.TryParseExact(parts[0], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var due)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? new(System.IO.Path.GetDirectoryName(path)!, due, parts[1], count)
                : null;
    }

    /// <summary>Locks the message by renaming its file.</summary>
    /// <returns>False where another process was faster or has the file open.</returns>
    public bool TryTakeFrom(MessageFile old)
    {
        try
        {
            AtomicFile.Move(old.Path, Path);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException e) when (StoreFault.IsFileInUse(e))
        {
            return false;
        }
    }

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
