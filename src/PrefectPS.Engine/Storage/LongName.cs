using System.Security.Cryptography;
using System.Text;

namespace PrefectPS.Storage;

/// <summary>Names that are too long for file systems, which count bytes and not characters.</summary>
internal static class LongName
{
    private const string Mark = "%~"; // no text that StorePath.Escape has escaped holds it, so no short name is like a shortened one
    private const int HashLength = 32; // of 64 hexadecimal digits: no two names have the same by chance
    private const int MaxExtensionLength = 16;

    /// <summary>The name where it is short enough; else its beginning, the hash of all of it, and its extension where that is short.</summary>
    /// <param name="name">A name, escaped.</param>
    /// <param name="maxBytes">How many bytes of UTF-8 it may have.</param>
    public static string Shorten(string name, int maxBytes)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length <= maxBytes)
            return name;
        using var sha = SHA256.Create();
        var end = $"{Mark}{HashText.Of(sha.ComputeHash(bytes)).Substring(0, HashLength)}{ExtensionOf(name)}";
        return $"{Begin(name, maxBytes - Encoding.UTF8.GetByteCount(end))}{end}";
    }

    private static string ExtensionOf(string name) => name.LastIndexOf('.') is > 0 and var dot && name.Length - dot <= MaxExtensionLength ? name.Substring(dot) : string.Empty;

    // Whole characters only.
    private static string Begin(string name, int maxBytes)
    {
        var length = 0;
        for (var bytes = 0; ; length += char.IsHighSurrogate(name[length]) ? 2 : 1)
        {
            bytes += SizeOf(name[length]);
            if (bytes > maxBytes)
                return name.Substring(0, length);
        }
    }

    private static int SizeOf(char c) => c < 0x80 ? 1 : c < 0x800 ? 2 : char.IsHighSurrogate(c) ? 4 : 3;
}
