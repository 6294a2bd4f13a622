using System.Management.Automation;
using System.Text;

namespace PrefectPS.Commands;

/// <summary>A state document in a file.</summary>
internal static class StateFile
{
    /// <summary>The document in UTF-8; null if the folder exists but the file does not.</summary>
    /// <param name="path">The file, absolute or relative to the session's location.</param>
    /// <param name="session">The session.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.ImportFailed"/>: it cannot be read, or its folder is missing. <see cref="FlowErrorId.StateInvalid"/>: it is empty.
    /// </exception>
    public static byte[]? Read(string path, SessionState session)
    {
        var file = LocalAddress.FullPath(path, session) ?? throw ModuleErrors.StateFileNotInFileSystem(path);
        var folder = Path.GetDirectoryName(file);
        if (Directory.Exists(file))
            throw ModuleErrors.StateFileIsFolder(file, FlowErrorId.ImportFailed);
        if (folder is not null && !Directory.Exists(folder))
            throw ModuleErrors.StateFolderMissing(file, folder);
        try
        {
            return File.Exists(file) ? Read(file)
                : WildcardPattern.ContainsWildcardCharacters(path) ? throw ModuleErrors.StateFileWithWildcards(path)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModuleErrors.StateFileUnreadable(file, e);
        }
    }

    /// <summary>The document in an existing file.</summary>
    /// <inheritdoc cref="Read(string, SessionState)"/>
    public static byte[] Read(string file)
    {
        var content = ReadAll(file);
        return Array.TrueForAll(content, IsEmpty) ? throw FlowErrors.StateFileEmpty(file) : content;
    }

    /// <summary>The content of an existing file in UTF-8.</summary>
    public static byte[] ReadAll(string file)
    {
        using var input = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        input.CopyTo(memory);
        return AsUtf8(memory.ToArray());
    }

    // Windows PowerShell's > and Out-File write UTF-16; the document reader handles the UTF-8 byte order mark.
    private static byte[] AsUtf8(byte[] content) => content switch
    {
        [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(content, 2, content.Length - 2)),
        [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(content, 2, content.Length - 2)),
        _ => content,
    };

    // Only white space and the UTF-8 byte order mark.
    private static bool IsEmpty(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0xEF or 0xBB or 0xBF;
}
