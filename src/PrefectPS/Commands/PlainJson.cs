using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;

namespace PrefectPS.Commands;

/// <summary>Converts objects from ConvertFrom-Json back to JSON: dictionaries and records become objects, without type tags.</summary>
/// <remarks>
/// ConvertFrom-Json converts each text that looks like a date. Times, and values with a date <c>$type</c>, are restored exactly. For any other text, the original spelling
/// may have been different, such as with fewer digits, or in another time zone.
/// </remarks>
internal sealed class PlainJson(IValueAdapter values)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK";

    private readonly Stack<string> _path = new();
    private readonly List<string> _dates = [];

    /// <summary>The places of dates that were texts in the document, whose original spelling may be lost.</summary>
    public IReadOnlyList<string> Dates => _dates;

    /// <summary>The JSON of a document, UTF-8.</summary>
    public byte[] Write(object document) => JsonStyle.ToBytes(json => Write(json, document, tag: null, isInValue: false));

    private void Write(Utf8JsonWriter json, object? value, string? tag, bool isInValue)
    {
        switch (values.Unwrap(value))
        {
            case IDictionary map:
                WriteObject(json, DictionaryEntries.Of(map).Select(e => new KeyValuePair<string, object?>(e.Key.ToString()!, e.Value)), isInValue);
                break;
            case DateTime time:
                WriteTime(json, time, isSame: tag == "datetime", isInValue);
                break;
            case DateTimeOffset time: // by -DateKind Offset
                WriteTime(json, time, isSame: tag == "datetimeoffset", isInValue);
                break;
            case long or short or byte or sbyte or ushort or uint:
                json.WriteNumberValue(Convert.ToInt64(values.Unwrap(value), CultureInfo.InvariantCulture)); // a JSON number, whatever type it was read as
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case BigInteger number:
                json.WriteRawValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case System.Enum name:
                json.WriteStringValue(name.ToString());
                break;
            case string or null or ValueType:
                ValueWriter.Write(json, value, values);
                break;
            case IEnumerable items:
                WriteArray(json, items, isInValue);
                break;
            case { } other:
                WriteObject(json, values.GetProperties(other), isInValue);
                break;
        }
    }

    private static void CheckDepth(Utf8JsonWriter json)
    {
        if (json.CurrentDepth >= Limits.MaxJsonDepth)
            throw FlowErrors.ValueTooDeep(Limits.MaxJsonDepth);
    }

    private void WriteTime(Utf8JsonWriter json, IFormattable time, bool isSame, bool isInValue)
    {
        if (!isSame && (isInValue || !DocumentKeys.IsTime(_path.Peek().TrimStart('.'))))
            _dates.Add(string.Concat(_path.Reverse()).TrimStart('.'));
        json.WriteStringValue(time.ToString(TimeFormat, CultureInfo.InvariantCulture));
    }

    private void WriteArray(Utf8JsonWriter json, IEnumerable items, bool isInValue)
    {
        CheckDepth(json);
        json.WriteStartArray();
        var index = 0;
        foreach (var item in items)
        {
            _path.Push($"[{(index++).ToString(CultureInfo.InvariantCulture)}]");
            Write(json, item, tag: null, isInValue);
            _path.Pop();
        }

        json.WriteEndArray();
    }

    private void WriteObject(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> properties, bool isInValue)
    {
        CheckDepth(json);
        string? tag = null;
        json.WriteStartObject();
        foreach (var property in properties)
        {
            _path.Push("." + property.Key);
            json.WritePropertyName(property.Key);
            Write(json, property.Value, property.Key == ValueWriter.ValueKey ? tag : null, isInValue || DocumentKeys.HoldsValue(property.Key));
            if (property.Key == ValueWriter.TypeKey)
                tag = values.Unwrap(property.Value) as string;
            _path.Pop();
        }

        json.WriteEndObject();
    }
}
