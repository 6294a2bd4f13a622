using System.Text;

namespace PrefectPS.Documents;

/// <summary>Escapes non-ASCII characters of JSON, so that a document survives commands that write the machine's code page, such as Windows PowerShell's Set-Content.</summary>
internal static class AsciiJson
{
    private const string Digits = "0123456789abcdef";
    private const int EscapeLength = 6;

    /// <summary>Escapes non-ASCII characters; returns the same instance where there are none.</summary>
    /// <param name="json">JSON as UTF-8.</param>
    public static byte[] Of(byte[] json)
    {
        if (IsAscii(json))
            return json;
        var text = Encoding.UTF8.GetString(json);
        var escapes = 0;
        foreach (var c in text)
            escapes += c < 0x80 ? 0 : 1;
        var ascii = new byte[text.Length + (escapes * (EscapeLength - 1))];
        var length = 0;
        foreach (var c in text)
        {
            if (c < 0x80)
            {
                ascii[length++] = (byte)c;
                continue;
            }

            ascii[length++] = (byte)'\\';
            ascii[length++] = (byte)'u';
            for (var shift = 12; shift >= 0; shift -= 4)
                ascii[length++] = (byte)Digits[(c >> shift) & 0xF];
        }

        return ascii;
    }

    private static bool IsAscii(byte[] json)
    {
#if NETSTANDARD
        return Array.TrueForAll(json, b => b < 0x80);
#else
        return Ascii.IsValid(json);
#endif
    }
}
