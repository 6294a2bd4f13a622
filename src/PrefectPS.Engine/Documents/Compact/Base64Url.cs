namespace PrefectPS.Documents;

/// <summary>Base64url without padding (RFC 4648, section 5), safe in messages, URLs and file names.</summary>
public static class Base64Url
{
    /// <summary>Encodes bytes.</summary>
    public static string Encode(byte[] bytes) => Of(Convert.ToBase64String(bytes));

    /// <summary>Converts plain Base64.</summary>
    internal static string Of(string base64) => base64.TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>Decodes leniently, accepting padding, plain Base64 and line breaks; null for anything else.</summary>
    public static byte[]? Decode(string text)
    {
        var plain = string.Concat(text.Split('\r', '\n')).TrimEnd('=').Replace('-', '+').Replace('_', '/');
        try
        {
            return Convert.FromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
