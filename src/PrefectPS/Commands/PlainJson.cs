using System.Collections;
using System.Globalization;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Commands;

/// <summary>Writes objects that were made of JSON as that JSON again: dictionaries and records are objects, without any tag.</summary>
internal sealed class PlainJson(IValueAdapter values)
{
    public byte[] Write(object document) => JsonStyle.ToBytes(json => Write(json, document, 0));

    private void Write(Utf8JsonWriter json, object? value, int depth)
    {
        if (depth > Limits.MaxJsonDepth)
            throw FlowErrors.ValueTooDeep(Limits.MaxJsonDepth);
        switch (values.Unwrap(value))
        {
            case IDictionary map:
                WriteObject(json, map.Cast<DictionaryEntry>().Select(e => new KeyValuePair<string, object?>(e.Key.ToString()!, e.Value)), depth);
                break;
            case DateTime time:
                json.WriteStringValue(time.ToUniversalTime()); // ConvertFrom-Json makes dates of texts that look like one
                break;
            case long or short or byte or sbyte or ushort or uint:
                json.WriteNumberValue(Convert.ToInt64(values.Unwrap(value), CultureInfo.InvariantCulture)); // a number of JSON, whatever it was read as
                break;
            case System.Enum name:
                json.WriteStringValue(name.ToString());
                break;
            case string or null or ValueType:
                ValueWriter.Write(json, value, values);
                break;
            case IEnumerable items:
                json.WriteStartArray();
                foreach (var item in items)
                    Write(json, item, depth + 1);
                json.WriteEndArray();
                break;
            case { } other:
                WriteObject(json, values.GetProperties(other), depth);
                break;
        }
    }

    private void WriteObject(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> properties, int depth)
    {
        json.WriteStartObject();
        foreach (var property in properties)
        {
            json.WritePropertyName(property.Key);
            Write(json, property.Value, depth + 1);
        }

        json.WriteEndObject();
    }
}
