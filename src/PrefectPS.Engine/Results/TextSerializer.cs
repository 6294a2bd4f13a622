using System.Collections;
using System.Globalization;
using System.Text;

namespace PrefectPS.Results;

/// <summary>Results as UTF-8 text: a string as it is, several values one a line. What comes back is one string.</summary>
internal sealed class TextSerializer(IValueAdapter values) : IResultSerializer
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public byte[] Write(object value, out object kept)
    {
        var text = ToText(value);
        kept = text;
        return Utf8.GetBytes(text);
    }

    public object? Read(byte[] content)
    {
        try
        {
            return Utf8.GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private string ToText(object? value) => values.Unwrap(value) switch
    {
        null => string.Empty,
        string text => text,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items and not IDictionary => string.Join("\n", items.Cast<object?>().Select(ToText)),
        var other => other!.ToString() ?? string.Empty,
    };
}
