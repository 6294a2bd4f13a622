using System.Globalization;

namespace PrefectPS.Storage;

/// <summary>Hashes as text.</summary>
internal static class HashText
{
    /// <summary>A hash in hexadecimal, in small letters.</summary>
    public static string Of(byte[] hash) => string.Concat(hash.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
}
