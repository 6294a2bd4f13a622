using System.Collections;
using System.Globalization;
using System.Text;
using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>Stores results as UTF-8 text: a string unchanged, several values one a line, a file's content. Reads back as one string.</summary>
internal sealed class TextSerializer(IValueAdapter values) : IResultSerializer
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Name => "Text";

    public IReadOnlyList<string> Extensions { get; } = [".txt", ".log", ".md", ".csv", ".tsv", ".htm", ".html", ".xml", ".yml", ".yaml"];

    public ResultContent Write(object value, ResultFiles files)
    {
        if (values.Unwrap(value) is FileInfo file)
            return new(ResultFiles.Open(file));
        var text = ToText(value);
        try
        {
            return new(new MemoryStream(Utf8.GetBytes(text), writable: false)) { Value = text };
        }
        catch (EncoderFallbackException)
        {
            throw FlowErrors.ResultFormatMismatch(Name, value, "characters: half of a surrogate pair is none");
        }
    }

    // The reader skips a byte order mark that other programs may write.
    public object Read(StoredObject content, ResultFiles files)
    {
        try
        {
            using var reader = new StreamReader(content.Content, Utf8);
            return reader.ReadToEnd();
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
        { } other when values.TextOf(other) is { } text => text,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items and not IDictionary => string.Join("\n", items.Cast<object?>().Select(ToText)),
        { } other when other.ToString() is { } text && !IsTypeName(other, text) => text,
        var other => throw FlowErrors.ResultFormatMismatch(Name, other!, "what has a text that says what it is"),
    };

    // The default ToString is only the type's name.
    private static bool IsTypeName(object value, string text) =>
        value is System.Data.DataTable || string.Equals(text, value.GetType().ToString(), StringComparison.Ordinal);
}
