using System.Globalization;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>The file of a message in a folder, whose name says all that changes about the message.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Due">From when on the message can be had.</param>
/// <param name="Id">Its id, which sorts by the time it was sent.</param>
/// <param name="Count">How often it was delivered.</param>
internal sealed record MessageFile(string Folder, DateTimeOffset Due, string Id, int Count)
{
    public const string Extension = ".message";

    private const char Separator = '_';
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfffffff";

    /// <summary>The file's path.</summary>
    public string Path => System.IO.Path.Combine(Folder, string.Join(Separator.ToString(), Format(Due), Id, Count.ToString(CultureInfo.InvariantCulture)) + Extension);

    /// <summary>The file of a message that is sent now.</summary>
    public static MessageFile New(string folder, DateTimeOffset now, DateTimeOffset due) => new(folder, due, $"{Format(now)}-{Guid.NewGuid():n}", 0);

    /// <summary>What the name of a file says; null where it is that of no message.</summary>
    public static MessageFile? Parse(string path)
    {
        var parts = System.IO.Path.GetFileNameWithoutExtension(path).Split(Separator);
        return parts.Length == 3
            && DateTimeOffset.TryParseExact(parts[0], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var due)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? new(System.IO.Path.GetDirectoryName(path)!, due, parts[1], count)
                : null;
    }

    /// <summary>Gives the file another name, this one.</summary>
    /// <returns>False where someone else was quicker, or has it open.</returns>
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
