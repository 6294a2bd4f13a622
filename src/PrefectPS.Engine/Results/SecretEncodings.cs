using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace PrefectPS.Results;

/// <summary>How programs write a text into others: as JSON, in addresses, in HTML, in quotes, and as Base64.</summary>
internal static class SecretEncodings
{
    private const int BitsPerByte = 8;
    private const int BitsPerDigit = 6;
    private static readonly Regex Escape = new(@"%[0-9A-F]{2}|\\u[0-9A-F]{4}", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>The text, encoded, where that makes another of it.</summary>
    public static IEnumerable<string> Of(string text)
    {
        var whole = Unicode.Mend(text);
        string[] encoded =
        [
            JavaScriptEncoder.Default.Encode(whole), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(whole), text.Replace("\\", "\\\\").Replace("\"", "\\\""),
            Uri.EscapeDataString(whole), WebUtility.UrlEncode(whole), Uri.EscapeDataString(whole).Replace("%20", "+"),
            WebUtility.HtmlEncode(text), HtmlEncoder.Default.Encode(whole), text.Replace("'", "''"), text.Replace("`", "``").Replace("\"", "`\"").Replace("$", "`$"),
        ];
        return encoded.Concat(encoded.Select(Lower)).Where(form => form != text).Distinct(StringComparer.Ordinal);
    }

    /// <summary>
    /// What is in the Base64 of any text that holds this one, of UTF-8 and UTF-16, in both alphabets: it stands at one of three places in the bytes that make
    /// four digits. The digits at both ends, which others have a part in, are left out.
    /// </summary>
    public static IEnumerable<string> Base64Of(string text)
    {
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode })
        {
            var bytes = encoding.GetBytes(text);
            for (var before = 0; before < 3; before++)
            {
                var digits = Convert.ToBase64String([.. new byte[before], .. bytes]);
                var first = ((before * BitsPerByte) + BitsPerDigit - 1) / BitsPerDigit;
                var part = digits.Substring(first, ((before + bytes.Length) * BitsPerByte / BitsPerDigit) - first);
                yield return part;
                if (part.IndexOfAny(['+', '/']) >= 0)
                    yield return part.Replace('+', '-').Replace('/', '_');
            }
        }
    }

    // Hexadecimal digits are written in both cases.
    private static string Lower(string encoded) => Escape.Replace(encoded, match => match.Value.ToLowerInvariant());
}
