using System.Text;

namespace PrefectPS.Results;

/// <summary>Normalizes JSON with a byte order mark, UTF-8 or UTF-16 (as Windows PowerShell's Out-File writes it).</summary>
internal static class JsonEncoding
{
    /// <summary>Transcodes to UTF-8 without a byte order mark.</summary>
    /// <exception cref="FormatException">The UTF-16 has a lone surrogate or half a code unit.</exception>
    public static ReadOnlySpan<byte> ToUtf8(ReadOnlySpan<byte> content) => content switch
    {
        [0xEF, 0xBB, 0xBF, ..] => content.Slice(3),
        [0xFF, 0xFE, ..] => FromUtf16(content.Slice(2), isBigEndian: false),
        [0xFE, 0xFF, ..] => FromUtf16(content.Slice(2), isBigEndian: true),
        _ => content,
    };

    private static byte[] FromUtf16(ReadOnlySpan<byte> content, bool isBigEndian)
    {
        try
        {
            return Encoding.UTF8.GetBytes(new UnicodeEncoding(isBigEndian, byteOrderMark: false, throwOnInvalidBytes: true).GetString(content.ToArray()));
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
