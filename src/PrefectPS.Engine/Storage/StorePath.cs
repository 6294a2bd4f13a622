using System.Globalization;
using System.Text;

namespace PrefectPS.Storage;

/// <summary>Paths inside a store: relative, portable between file systems and services, and never leading out of the store.</summary>
public static class StorePath
{
    /// <summary>The prefix of names that stores use internally. No path has a part that begins with it.</summary>
    internal const string Reserved = ".prefectps";

    private const int MaxEscapedBytes = 240; // what is put behind a name, such as an extension, has room

    private const string Forbidden = "<>:\"|?*";

    private static readonly char[] Separators = ['/', '\\'];

    private static readonly HashSet<string> DeviceNames = new(
        [
            "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
            "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
            "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns a path with <c>/</c> between its parts, if every store can hold it.</summary>
    /// <param name="path">A path, with <c>/</c> or <c>\</c> between its parts.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>, with the path and what is wrong with it.</exception>
    public static string Check(string path) =>
        FaultIn(path) is { } fault ? throw FlowErrors.TargetInvalid(path, fault) : path.Replace('\\', '/');

    /// <summary>Returns a prefix of paths with <c>/</c> between its parts. What follows the last separator may be any text.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>, with the prefix and what is wrong with it.</exception>
    public static string CheckPrefix(string prefix) =>
        prefix.LastIndexOfAny(Separators) is >= 0 and var end ? $"{Check(prefix.Substring(0, end))}/{prefix.Substring(end + 1)}" : prefix;

    /// <summary>Says what is wrong with a path; null if nothing is.</summary>
    public static string? FaultIn(string path)
    {
        var parts = path.Split(Separators);
        return path.Length == 0 ? "it is empty"
            : FaultOfRoot(path, parts) ?? parts.Select(FaultOf).FirstOrDefault(fault => fault is not null) ?? FaultOfLength(path);
    }

    /// <summary>
    /// Makes one part of a path of any text: a character that some store cannot hold, and <c>%</c>, becomes <c>%</c> and its code. The end of a long text is
    /// replaced by a hash, its extension kept. No two texts have the same part.
    /// </summary>
    public static string Escape(string text)
    {
        var escaped = EscapeAll(text);
        return LongName.Shorten(escaped, MaxEscapedBytes);
    }

    private static string EscapeAll(string text)
    {
        var escaped = NeedsEscape(text) ? EscapeEach(text) : text;
        if (escaped.Length > 0 && escaped[escaped.Length - 1] is '.' or ' ')
            escaped = $"{escaped.Substring(0, escaped.Length - 1)}%{(int)escaped[escaped.Length - 1]:x2}";
        return FaultOfName(escaped) is null ? escaped : "%" + escaped;
    }

    private static bool NeedsEscape(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (IsEscaped(text, index))
                return true;
        }

        return false;
    }

    private static string EscapeEach(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (var index = 0; index < text.Length; index++)
        {
            if (IsEscaped(text, index))
                escaped.Append('%').Append(((int)text[index]).ToString("x2", CultureInfo.InvariantCulture));
            else
                escaped.Append(text[index]);
        }

        return escaped.ToString();
    }

    private static bool IsEscaped(string text, int index) => text[index] is '/' or '\\' or '%' || IsForbidden(text[index]) || IsHalf(text, index);

    private static string? FaultOfLength(string path) =>
        Encoding.UTF8.GetByteCount(path) is > Limits.MaxPathBytes and var bytes ? $"it has {bytes} bytes, and stores take {Limits.MaxPathBytes}" : null;

    private static string? FaultOfRoot(string path, string[] parts) =>
        parts[0].Length == 0 ? "it is absolute"
        : path.Length > 1 && path[1] == ':' ? "it names a drive"
        : null;

    private static string? FaultOf(string part) =>
        FaultOfName(part)
        ?? (Encoding.UTF8.GetByteCount(part) is > Limits.MaxPathPartBytes and var bytes ? $"'{part}' has {bytes} bytes, and file systems allow {Limits.MaxPathPartBytes} between two slashes" : null);

    private static string? FaultOfName(string part) =>
        part.Length == 0 ? "a part of it is empty"
        : part is "." or ".." ? $"'{part}' leads out of the store"
        : part.Contains(':') ? $"'{part}' names an alternate stream"
        : FirstForbidden(part) is var bad and not '\0' ? $"'{part}' contains a character that not every store supports: {Show(bad)}"
        : part.Contains('\0') ? "it has a null character"
        : HasHalf(part) ? $"'{part}' contains an unpaired surrogate"
        : part[part.Length - 1] is '.' or ' ' ? $"'{part}' ends in a dot or a space"
        : part.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase) ? $"'{part}' is a reserved name of stores"
        : DeviceNames.Contains(part.Split('.')[0].TrimEnd(' ')) ? $"'{part}' is the name of a device"
        : null;

    private static char FirstForbidden(string part)
    {
        foreach (var c in part)
        {
            if (IsForbidden(c))
                return c;
        }

        return '\0';
    }

    private static bool IsForbidden(char c) => c < ' ' || c == '\x7f' || Forbidden.Contains(c);

    private static bool HasHalf(string part)
    {
        for (var index = 0; index < part.Length; index++)
        {
            if (IsHalf(part, index))
                return true;
        }

        return false;
    }

    // A surrogate without its other half has no form in UTF-8: two such paths would become one.
    private static bool IsHalf(string text, int index) =>
        char.IsLowSurrogate(text[index]) ? index == 0 || !char.IsHighSurrogate(text[index - 1])
        : char.IsHighSurrogate(text[index]) && (index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]));

    private static string Show(char c) => c < ' ' || c == '\x7f' ? $"0x{(int)c:x2}" : c.ToString();
}
