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
    /// <param name="json">The reader.</param>
    /// <param name="adapter">Puts objects together.</param>
    /// <param name="deepest">How deep in the whole text it may nest.</param>
    /// <param name="files">Gets the files that were stored with the value; null where there are none.</param>
    /// <exception cref="FormatException">A <c>$type</c> is unknown or its text malformed, or it nests too deep.</exception>
    /// <exception cref="JsonException">The JSON is malformed.</exception>
    public static object? Read(ref Utf8JsonReader json, IValueAdapter adapter, int deepest, ResultFiles? files = null) => json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String => json.GetString(),
        JsonTokenType.Number => ReadNumber(ref json),
        JsonTokenType.StartArray => ReadArray(ref json, adapter, deepest, files),
        JsonTokenType.StartObject => ReadObject(ref json, adapter, deepest, files),
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
            return text.Length > Limits.MaxDigits ? throw new FormatException($"the number has more than {Limits.MaxDigits} digits")
                : BigInteger.Parse(text, CultureInfo.InvariantCulture);
        var number = json.GetDouble();
        return double.IsInfinity(number) ? throw new FormatException($"the number {text} is out of range") : number;
    }

    private static object?[] ReadArray(ref Utf8JsonReader json, IValueAdapter adapter, int deepest, ResultFiles? files)
    {
        var items = new List<object?>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            CheckDepth(ref json, deepest);
            items.Add(Read(ref json, adapter, deepest, files));
        }

        return [.. items];
    }

    private static object? ReadObject(ref Utf8JsonReader json, IValueAdapter adapter, int deepest, ResultFiles? files)
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
                properties.Add(new(UnescapeKey(key), ReadPart(ref json, tag)));
            paired |= key == KeysMarker;
        }

        return tag switch
        {
            null => adapter.CreateRecord(properties),
            ValueWriter.HashtableTag => Fill(comparer => new Hashtable(comparer), properties, paired),
            ValueWriter.OrderedTag => Fill(comparer => new OrderedDictionary(comparer), properties, paired),
            ValueWriter.StoredFileTag => ReadFile(files, properties),
            _ => ReadScalar(tag, properties),
        };

        // The text of a scalar is a part of it, not another level.
        object? ReadPart(ref Utf8JsonReader json, string? tag)
        {
            if (tag is null or ValueWriter.HashtableTag or ValueWriter.OrderedTag)
                CheckDepth(ref json, deepest);
            return Read(ref json, adapter, deepest, files);
        }
    }

    private static void CheckDepth(ref Utf8JsonReader json, int deepest)
    {
        if (json.CurrentDepth > deepest)
            throw new FormatException("the value nests too deep");
    }

    private static object ReadScalar(string tag, List<KeyValuePair<string, object?>> properties) => TaggedScalars.IsKnown(tag)
        ? TaggedScalars.Read(tag, TextOf(tag, properties))
        : throw new FormatException($"the $type '{tag}' is not known");

    private static FileInfo ReadFile(ResultFiles? files, List<KeyValuePair<string, object?>> properties) => files is not null
        ? files.Download(TextOf(ValueWriter.StoredFileTag, properties))
        : throw new FormatException("a stored file is part of a stored result, and cannot be anywhere else");

    private static string TextOf(string tag, List<KeyValuePair<string, object?>> properties) =>
        properties is [{ Key: ValueWriter.ValueKey, Value: string text }] ? text : throw new FormatException($"a {tag} has one text, its value");

    // Keys that only their case tells apart are kept apart; for all others case does not count, as in PowerShell.
    private static IDictionary Fill(Func<StringComparer, IDictionary> create, List<KeyValuePair<string, object?>> properties, bool paired)
    {
        var pairs = paired ? PairsOf(properties) : properties.ConvertAll(property => new KeyValuePair<object, object?>(property.Key, property.Value));
        var map = Fill(create(StringComparer.OrdinalIgnoreCase), pairs);
        return map.Count == pairs.Count ? map : Fill(create(StringComparer.Ordinal), pairs);
    }

    private static IDictionary Fill(IDictionary map, List<KeyValuePair<object, object?>> pairs)
    {
        foreach (var pair in pairs)
            map[pair.Key] = pair.Value;
        return map;
    }

    // Keys that are not all strings stand in one array, their values in another.
    private static List<KeyValuePair<object, object?>> PairsOf(List<KeyValuePair<string, object?>> properties)
    {
        if (properties is not [{ Value: object?[] keys }, { Key: ValuesMarker, Value: object?[] values }] || keys.Length != values.Length)
            throw new FormatException("a dictionary has as many keys as values");
        return [.. keys.Select((key, i) => new KeyValuePair<object, object?>(key ?? throw new FormatException("a dictionary's key is null"), values[i]))];
    }

    private static string UnescapeKey(string key) => key.StartsWith("$$", StringComparison.Ordinal) ? key.Substring(1) : key;
}
