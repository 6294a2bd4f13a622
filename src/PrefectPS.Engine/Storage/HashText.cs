using System.Text;

namespace PrefectPS.Storage;

/// <summary>Hashes as text.</summary>
public static class HashText
{
    private const string Digits = "0123456789abcdef";

    /// <summary>Formats a hash as lower-case hex.</summary>
    public static string Of(byte[] hash)
    {
        var text = new StringBuilder(2 * hash.Length);
        foreach (var part in hash)
            text.Append(Digits[part >> 4]).Append(Digits[part & 0xF]);
        return text.ToString();
    }
}
