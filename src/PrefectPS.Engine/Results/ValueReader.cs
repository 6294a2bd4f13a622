using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace PrefectPS.Results;

/// <summary>Reads the values that <see cref="ValueWriter"/> wrote, and any other JSON as records, arrays and scalars.</summary>
internal static class ValueReader
{
    private const string KeysMarker = ValueWriter.TypeKey + ValueWriter.KeysKey;
    private const string ValuesMarker = ValueWriter.TypeKey + ValueWriter.ValuesKey;

    /// <summary>Reads the value at the reader's current token, to its last token.</summary>
    /// <exception cref="FormatException">A <c>$type</c> is unknown or its text malformed.</exception>
    /// <exception cref="JsonException">The JSON is malformed.</exception>
    public static object? Read(ref Utf8JsonReader json, IValueAdapter adapter) => json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String => json.GetString(),
        JsonTokenType.Number => ReadNumber(ref json),
        JsonTokenType.StartArray => ReadArray(ref json, adapter),
        JsonTokenType.StartObject => ReadObject(ref json, adapter),
        _ => throw new FormatException($"a value was expected, not {json.TokenType}"),
    };

    private static object ReadNumber(ref Utf8JsonReader json)
    {
        if (json.TryGetInt32(out var small))
            return small;
        if (json.TryGetInt64(out var large))
            return large;
        var text = JsonText.Of(ref json);
        if (text.IndexOfAny(['.', 'e', 'E']) < 0)
            return BigInteger.Parse(text, CultureInfo.InvariantCulture);
        var number = json.GetDouble();
        return double.IsInfinity(number) ? throw new FormatException($"the number {text} is out of range") : number;
    }

    private static object?[] ReadArray(ref Utf8JsonReader json, IValueAdapter adapter)
    {
        var items = new List<object?>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            items.Add(Read(ref json, adapter));
        return [.. items];
    }

    private static object? ReadObject(ref Utf8JsonReader json, IValueAdapter adapter)
    {
        var properties = new List<KeyValuePair<string, object?>>();
        string? tag = null;
        var paired = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            json.Read();
            if (key == ValueWriter.TypeKey && properties.Count == 0)
                tag = json.TokenType == JsonTokenType.String ? json.GetString() : throw new FormatException("a $type is a string");
            else
                properties.Add(new(UnescapeKey(key), Read(ref json, adapter)));
            paired |= key == KeysMarker;
        }

        return tag switch
        {
            null => adapter.CreateRecord(properties),
            ValueWriter.HashtableTag => Fill(new Hashtable(StringComparer.OrdinalIgnoreCase), properties, paired),
            ValueWriter.OrderedTag => Fill(new OrderedDictionary(StringComparer.OrdinalIgnoreCase), properties, paired),
            _ => ReadScalar(tag, properties),
        };
    }

    private static object ReadScalar(string tag, List<KeyValuePair<string, object?>> properties)
    {
        if (!TaggedScalars.IsKnown(tag))
            throw new FormatException($"the $type '{tag}' is not known");
        return properties is [{ Key: ValueWriter.ValueKey, Value: string text }]
            ? TaggedScalars.Read(tag, text)
            : throw new FormatException($"a {tag} has one text, its value");
    }

    private static IDictionary Fill(IDictionary map, List<KeyValuePair<string, object?>> properties, bool paired)
    {
        if (paired)
            return FillPairs(map, properties);
        foreach (var property in properties)
            map[property.Key] = property.Value;
        return map;
    }

    // Keys that are not all strings stand in one array, their values in another.
    private static IDictionary FillPairs(IDictionary map, List<KeyValuePair<string, object?>> properties)
    {
        if (properties is not [{ Value: object?[] keys }, { Key: ValuesMarker, Value: object?[] values }] || keys.Length != values.Length)
            throw new FormatException("a dictionary has as many keys as values");
        for (var i = 0; i < keys.Length; i++)
            map[keys[i] ?? throw new FormatException("a dictionary's key is null")] = values[i];
        return map;
    }

    private static string UnescapeKey(string key) => key.StartsWith("$$", StringComparison.Ordinal) ? key.Substring(1) : key;
}
