using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Text.Json;

namespace PrefectPS.Results;

/// <summary>Writes any value a task can return as JSON that <see cref="ValueReader"/> turns back into it.</summary>
/// <remarks>
/// Numbers, strings, booleans, null, arrays and records are JSON's own; the rest carries a <c>$type</c> from a closed list.
/// Enums become their names. Other objects become records of their properties, to a depth of <see cref="ObjectDepth"/>, then text.
/// </remarks>
internal static class ValueWriter
{
    /// <summary>How many objects deep properties are followed; below, an object is its text. Nested arrays and dictionaries do not count.</summary>
    public const int ObjectDepth = 2;

    /// <summary>How deep arrays, dictionaries and objects may nest in all.</summary>
    public const int MaxDepth = 60;

    public const string TypeKey = "$type";
    public const string ValueKey = "value";
    public const string KeysKey = "keys";
    public const string ValuesKey = "values";
    public const string HashtableTag = "hashtable";
    public const string OrderedTag = "ordered";

    /// <summary>Writes one value.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: it nests deeper than <see cref="MaxDepth"/>.</exception>
    public static void Write(Utf8JsonWriter json, object? value, IValueAdapter adapter) => Write(json, value, adapter, 0, 0);

    private static void Write(Utf8JsonWriter json, object? value, IValueAdapter adapter, int depth, int objects)
    {
        if (depth > MaxDepth)
            throw FlowErrors.ValueTooDeep(MaxDepth);

        switch (adapter.Unwrap(value))
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long or short or byte or sbyte or ushort or uint:
                json.WriteNumberValue(Convert.ToInt64(adapter.Unwrap(value), CultureInfo.InvariantCulture));
                break;
            case double number when !double.IsNaN(number) && !double.IsInfinity(number):
                WriteDouble(json, number);
                break;
            case Enum name:
                json.WriteStringValue(name.ToString());
                break;
            case { } plain when TaggedScalars.TryWrite(plain, out var tag, out var text):
                json.WriteStartObject();
                json.WriteString(TypeKey, tag);
                json.WriteString(ValueKey, text);
                json.WriteEndObject();
                break;
            case IDictionary map:
                WriteDictionary(json, map, adapter, depth + 1, objects);
                break;
            case IEnumerable items:
                json.WriteStartArray();
                foreach (var item in items)
                    Write(json, item, adapter, depth + 1, objects);
                json.WriteEndArray();
                break;
            case { } other when objects >= ObjectDepth:
                json.WriteStringValue(other.ToString());
                break;
            case { } other:
                WriteRecord(json, adapter.GetProperties(other), adapter, depth + 1, objects + 1);
                break;
        }
    }

    // A double keeps its point or exponent, so that it is not read back as an integer.
    private static void WriteDouble(Utf8JsonWriter json, double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        json.WriteRawValue(text.IndexOfAny(['.', 'E']) < 0 ? text + ".0" : text);
    }

    private static void WriteRecord(
        Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> properties, IValueAdapter adapter, int depth, int objects)
    {
        json.WriteStartObject();
        foreach (var property in properties)
        {
            json.WritePropertyName(EscapeKey(property.Key));
            Write(json, property.Value, adapter, depth, objects);
        }

        json.WriteEndObject();
    }

    private static void WriteDictionary(Utf8JsonWriter json, IDictionary map, IValueAdapter adapter, int depth, int objects)
    {
        json.WriteStartObject();
        json.WriteString(TypeKey, map is IOrderedDictionary ? OrderedTag : HashtableTag);
        if (map.Keys.Cast<object>().All(key => adapter.Unwrap(key) is string))
        {
            foreach (DictionaryEntry entry in map)
            {
                json.WritePropertyName(EscapeKey((string)adapter.Unwrap(entry.Key)!));
                Write(json, entry.Value, adapter, depth, objects);
            }
        }
        else
        {
            json.WritePropertyName(TypeKey + KeysKey);
            Write(json, map.Keys, adapter, depth, objects);
            json.WritePropertyName(TypeKey + ValuesKey);
            Write(json, map.Values, adapter, depth, objects);
        }

        json.WriteEndObject();
    }

    // "$" opens our own keys; a key that begins with it is written with one more.
    private static string EscapeKey(string key) => key.Length > 0 && key[0] == '$' ? "$" + key : key;
}
