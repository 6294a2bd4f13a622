namespace PrefectPS.Documents;

/// <summary>Bytes as text that is safe in a message, an address and a file name (RFC 4648, section 5, without padding).</summary>
public static class Base64Url
{
    /// <summary>Encodes bytes.</summary>
    public static string Encode(byte[] bytes) => Of(Convert.ToBase64String(bytes));

    /// <summary>The same bytes, of which the plain Base64 is at hand.</summary>
    internal static string Of(string base64) => base64.TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>The bytes; null where the text is none of this kind. Padding, the letters of plain Base64 and line breaks are taken too.</summary>
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
