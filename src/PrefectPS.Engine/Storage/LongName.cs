using System.Security.Cryptography;
using System.Text;

namespace PrefectPS.Storage;

/// <summary>Shortens names that are too long for file systems, which count bytes.</summary>
internal static class LongName
{
    private const string Mark = "%~"; // never produced by StorePath.Escape, so no short name equals a shortened one
    private const int HashLength = 32; // of 64 hex digits: excludes accidental collisions
    private const int MaxExtensionLength = 16;

    /// <summary>Returns the name if it is short enough; else its beginning, a hash of the whole, and a short extension.</summary>
    /// <param name="name">An escaped name.</param>
    /// <param name="maxBytes">Maximum length in UTF-8 bytes.</param>
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
