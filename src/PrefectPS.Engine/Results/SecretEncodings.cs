using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace PrefectPS.Results;

/// <summary>The common encodings of a text: JSON, URL, HTML, quoted and Base64.</summary>
internal static class SecretEncodings
{
    private const int BitsPerByte = 8;
    private const int BitsPerDigit = 6;
    private static readonly Regex Escape = new(@"%[0-9A-F]{2}|\\u[0-9A-F]{4}", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>The encodings that differ from the text.</summary>
    public static IEnumerable<string> Of(string text)
    {
        var whole = Unicode.ReplaceLoneSurrogates(text);
        string[] encoded =
        [
            JavaScriptEncoder.Default.Encode(whole), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(whole), text.Replace("\\", "\\\\").Replace("\"", "\\\""),
            Uri.EscapeDataString(whole), WebUtility.UrlEncode(whole), Uri.EscapeDataString(whole).Replace("%20", "+"),
            WebUtility.HtmlEncode(text), HtmlEncoder.Default.Encode(whole), text.Replace("'", "''"), text.Replace("`", "``").Replace("\"", "`\"").Replace("$", "`$"),
        ];
        return encoded.Concat(encoded.Select(Lower)).Where(each => each != text).Distinct(StringComparer.Ordinal);
    }

    /// <summary>
    /// The digits that appear in the Base64 of any text containing this one, in UTF-8 and UTF-16 and both alphabets: one string for each of the three byte alignments,
    /// without the digits at both ends, which depend on the neighbours.
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

    // Hexadecimal digits occur in both cases.
    private static string Lower(string encoded) => Escape.Replace(encoded, match => match.Value.ToLowerInvariant());
}
