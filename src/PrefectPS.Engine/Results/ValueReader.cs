using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace PrefectPS.Results;

/// <summary>Reads the JSON of <see cref="ValueWriter"/>, and any other JSON as records, arrays and scalars.</summary>
internal sealed class ValueReader
{
    private readonly IValueAdapter _adapter;
    private readonly ResultFiles? _files;
    private readonly int _deepest;
    private readonly List<object?> _read = []; // the targets of references, in order: containers and long strings; null while a container is open

    private ValueReader(IValueAdapter adapter, int deepest, ResultFiles? files)
    {
        _deepest = deepest;
        _adapter = adapter;
        _files = files;
    }

    /// <summary>Reads the value at the reader's current token, to its last token.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="adapter">Creates objects of the language.</param>
    /// <param name="deepest">The deepest nesting allowed, counted from the document's root.</param>
    /// <param name="files">Reads the files stored with the value; null where it has none.</param>
    /// <exception cref="FormatException">A <c>$type</c> is unknown or its text malformed, a key is duplicated, or the value nests too deep.</exception>
    /// <exception cref="JsonException">The JSON is malformed.</exception>
    public static object? Read(ref Utf8JsonReader json, IValueAdapter adapter, int deepest, ResultFiles? files = null) =>
        json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? new ValueReader(adapter, deepest, files).Read(ref json) : ReadPlain(ref json);

    private static object? ReadPlain(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String => json.GetString(),
        JsonTokenType.Number => ReadNumber(ref json),
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

    private object? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            var plain = ReadPlain(ref json);
            if (plain is string { Length: >= ValueWriter.LongText })
                _read.Add(plain);
            return plain;
        }

        var place = _read.Count;
        _read.Add(null);
        return _read[place] = json.TokenType == JsonTokenType.StartArray ? ReadArray(ref json) : ReadObject(ref json);
    }

    private object?[] ReadArray(ref Utf8JsonReader json)
    {
        var items = new List<object?>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            CheckDepth(ref json);
            items.Add(Read(ref json));
        }

        return [.. items];
    }

    private object? ReadObject(ref Utf8JsonReader json)
    {
        var properties = new List<KeyValuePair<string, object?>>();
        string? tag = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            json.Read();
            if (key == ValueWriter.TypeKey && properties.Count == 0)
                tag = tag is null && json.TokenType == JsonTokenType.String ? json.GetString()! : throw new FormatException("a $type is one string");
            else
                properties.Add(new(key, ReadPart(ref json, tag, key)));
        }

        return tag switch
        {
            null => ReadRecord(properties),
            ValueWriter.RefTag => ReadReference(TextOf(tag, properties)),
            ValueWriter.MarkedTag => ReadMarked(properties),
            ValueWriter.StoredFileTag => ReadFile(properties),
            _ when TaggedScalars.IsKnown(tag) => TaggedScalars.Read(tag, TextOf(tag, properties)),
            _ => ReadTyped(tag, _adapter.Types.Find(tag) ?? throw Unknown(tag), properties),
        };
    }

    // A scalar's text is not a nesting level.
    private object? ReadPart(ref Utf8JsonReader json, string? tag, string key)
    {
        if (tag is null or ValueWriter.MarkedTag || key != ValueWriter.ValueKey || (_adapter.Types.Find(tag) is { } type && DictionaryTypes.Is(type)))
            CheckDepth(ref json);
        return Read(ref json);
    }

    private void CheckDepth(ref Utf8JsonReader json)
    {
        if (json.CurrentDepth > _deepest)
            throw new FormatException("the value nests too deep");
    }

    private static FormatException Unknown(string tag) => new(
        $"the $type '{tag}' is not known. In a file of another program no object may begin with that key; a value of PowerShell 7 may need PowerShell 7");

    // A record cannot have an empty key or keys that differ only in case; a table can.
    private object ReadRecord(List<KeyValuePair<string, object?>> properties)
    {
        for (var i = 0; i < properties.Count; i++)
        {
            if (properties[i].Key.StartsWith("$$", StringComparison.Ordinal))
                properties[i] = new(UnescapeKey(properties[i].Key), properties[i].Value);
        }

        return _adapter.CreateRecord(properties)
            ?? DictionaryTypes.Create(typeof(System.Collections.Specialized.OrderedDictionary), Entries(properties, 0), StringComparer.Ordinal, _adapter);
    }

    private object ReadReference(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < _read.Count && _read[place] is { } before
            ? before
            : throw new FormatException($"there is no value {text} before it");

    private object ReadMarked(List<KeyValuePair<string, object?>> properties)
    {
        object?[] names = [];
        IReadOnlyList<KeyValuePair<string, object?>> notes = [];
        var at = 0;
        if (properties.Count > 0 && properties[0].Key == ValueWriter.NamesKey)
            names = properties[at++].Value as object?[] ?? throw new FormatException("names are an array");
        if (at < properties.Count && properties[at].Key == ValueWriter.NotesKey)
            notes = NotesIn(properties[at++].Value);
        return at == properties.Count - 1 && properties[at] is { Key: ValueWriter.ValueKey, Value: { } value }
            ? _adapter.WithAnnotations(value, new([.. names.Select(name => name as string ?? throw new FormatException("a name is text"))], notes))
            : throw new FormatException("what is marked has a value");
    }

    private IReadOnlyList<KeyValuePair<string, object?>> NotesIn(object? notes) => notes switch
    {
        System.Collections.IDictionary map => [.. DictionaryEntries.Of(map).Select(note => new KeyValuePair<string, object?>((string)note.Key, note.Value))],
        { } record when _adapter.IsRecord(record) => [.. _adapter.GetProperties(record)],
        _ => throw new FormatException("notes are an object"),
    };

    private FileInfo ReadFile(List<KeyValuePair<string, object?>> properties) => _files is not null
        ? _files.Download(TextOf(ValueWriter.StoredFileTag, properties))
        : throw new FormatException("a stored file is part of a stored result, and cannot be anywhere else");

    private object ReadTyped(string tag, Type type, List<KeyValuePair<string, object?>> properties)
    {
        if (type.IsEnum || type == typeof(string))
            return EnumOf(type, TextOf(tag, properties));
        if (_adapter.ReadScalar(tag, properties is [{ Key: ValueWriter.ValueKey, Value: string text }] ? text : null) is { } scalar)
            return scalar;
        var at = 0;
        object? comparer = null;
        if (at < properties.Count && properties[at].Key == ValueWriter.ComparerKey)
            comparer = KeyComparers.Find(properties[at++].Value as string ?? throw new FormatException("a comparer is a name"));
        if (DictionaryTypes.Is(type))
            return DictionaryTypes.Create(type, PairsOf(properties, at), comparer, _adapter);
        if (ListTypes.ElementOf(type) is null)
            throw new FormatException($"a {tag} has no such parts");
        object?[]? lengths = null;
        if (at < properties.Count && properties[at].Key == ValueWriter.LengthsKey)
            lengths = properties[at++].Value as object?[];
        if (at != properties.Count - 1 || properties[at] is not { Key: ValueWriter.ItemsKey, Value: object?[] items }
            || (lengths is null) != (!type.IsArray || type.GetArrayRank() == 1))
        {
            throw new FormatException($"a {tag} has elements");
        }

        return lengths is null ? ListTypes.Create(type, items, comparer, _adapter) : ListTypes.CreateGrid(type, lengths, items, _adapter);
    }

    // Another version of the enum may lack the name.
    private static object EnumOf(Type type, string text)
    {
        try
        {
            return type.IsEnum ? Enum.Parse(type, text) : text;
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            return text;
        }
    }

    private static string TextOf(string tag, List<KeyValuePair<string, object?>> properties) =>
        properties is [{ Key: ValueWriter.ValueKey, Value: string text }] ? text : throw new FormatException($"a {tag} has one text, its value");

    private static List<KeyValuePair<object, object?>> Entries(List<KeyValuePair<string, object?>> properties, int from)
    {
        var entries = new List<KeyValuePair<object, object?>>(properties.Count);
        for (var i = from; i < properties.Count; i++)
            entries.Add(new(properties[i].Key, properties[i].Value));
        return entries;
    }

    // Keys that are not all strings are stored as two parallel arrays.
    private static List<KeyValuePair<object, object?>> PairsOf(List<KeyValuePair<string, object?>> properties, int from)
    {
        if (from >= properties.Count || properties[from].Key != ValueWriter.KeysKey)
            return Entries([.. properties.Select(property => new KeyValuePair<string, object?>(UnescapeKey(property.Key), property.Value))], from);
        if (from != properties.Count - 2 || properties[from].Value is not object?[] keys
            || properties[from + 1] is not { Key: ValueWriter.ValuesKey, Value: object?[] values } || keys.Length != values.Length)
        {
            throw new FormatException("a dictionary has as many keys as values");
        }

        return [.. keys.Select((key, i) => new KeyValuePair<object, object?>(key ?? throw new FormatException("a dictionary's key is null"), values[i]))];
    }

    private static string UnescapeKey(string key) => key.StartsWith("$$", StringComparison.Ordinal) ? key.Substring(1) : key;
}
