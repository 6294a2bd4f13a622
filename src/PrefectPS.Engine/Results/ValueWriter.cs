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
internal readonly struct ValueWriter
{
    /// <summary>
    /// How many objects deep properties are followed; below, an object is its text. Nested arrays, dictionaries and the language's own
    /// records do not count.
    /// </summary>
    public const int ObjectDepth = 2;

    public const string TypeKey = "$type";
    public const string ValueKey = "value";
    public const string KeysKey = "keys";
    public const string ValuesKey = "values";
    public const string HashtableTag = "hashtable";
    public const string OrderedTag = "ordered";
    public const string StoredFileTag = "storedfile";

    private readonly Utf8JsonWriter _json;
    private readonly IValueAdapter _adapter;
    private readonly IFileSink? _files;

    private ValueWriter(Utf8JsonWriter json, IValueAdapter adapter, IFileSink? files)
    {
        _json = json;
        _adapter = adapter;
        _files = files;
    }

    /// <summary>Writes one value.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="value">The value.</param>
    /// <param name="adapter">Takes objects apart.</param>
    /// <param name="files">Takes the content of the files among it; null where only their paths are to be written.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.ResultInvalid"/>: it nests deeper than <see cref="Limits.MaxValueDepth"/>, or code of its own throws or does not return;
    /// <see cref="FlowErrorId.StoreFailed"/>: a file cannot be stored.
    /// </exception>
    public static void Write(Utf8JsonWriter json, object? value, IValueAdapter adapter, IFileSink? files = null)
    {
        try
        {
            new ValueWriter(json, adapter, files).Write(value, 0, 0);
        }
        catch (ValueFaultException e)
        {
            throw FlowErrors.ValueNotWritable(e);
        }
    }

    private void Write(object? value, int depth, int objects)
    {
        if (depth > Limits.MaxValueDepth)
            throw new ValueFaultException($"it nests deeper than {Limits.MaxValueDepth} levels, or contains itself");

        switch (_adapter.Unwrap(value))
        {
            case null:
                _json.WriteNullValue();
                break;
            case string text:
                WriteText(text);
                break;
            case bool flag:
                _json.WriteBooleanValue(flag);
                break;
            case int number:
                _json.WriteNumberValue(number);
                break;
            case Enum name:
                _json.WriteStringValue(name.ToString());
                break;
            case long or short or byte or sbyte or ushort or uint:
                _json.WriteNumberValue(Convert.ToInt64(_adapter.Unwrap(value), CultureInfo.InvariantCulture));
                break;
            case double number when !double.IsNaN(number) && !double.IsInfinity(number):
                WriteDouble(number);
                break;
            case byte[] bytes:
                WriteBytes(bytes);
                break;
            case FileInfo file when _files is not null && File.Exists(file.FullName):
                WriteTagged(StoredFileTag, _files.Take(file));
                break;
            case { } plain when TaggedScalars.TryWrite(plain, out var tag, out var text):
                if (TaggedScalars.FaultOf(plain, tag, text) is { } fault)
                    throw new ValueFaultException($"it could not be read again: {fault}");
                WriteTagged(tag, text);
                break;
            case Task { IsCompleted: false }:
                throw new ValueFaultException("it is a .NET task that has not finished: wait for it in the script, as by $task.GetAwaiter().GetResult()");
            case { } other when _adapter.TextOf(other) is { } text:
                WriteText(text);
                break;
            case IDictionary map:
                WriteDictionary(map, depth + 1, objects);
                break;
            case Array { Rank: > 1 } grid:
                WriteItems(ObjectShapes.RowsOf(grid), depth + 1, objects);
                break;
            case IEnumerable items:
                WriteItems(items, depth + 1, objects);
                break;
            case System.Data.DataTable table:
                WriteItems(table.Rows, depth + 1, objects);
                break;
            case { } record when _adapter.IsRecord(record):
                WriteRecord(record, depth + 1, objects);
                break;
            case { } other when objects >= ObjectDepth:
                WriteText(other.ToString() ?? string.Empty);
                break;
            case { } other:
                WriteRecord(other, depth + 1, objects + 1);
                break;
        }
    }

    // JSON has no form for half of a surrogate pair.
    private void WriteText(string text)
    {
        if (Unicode.IsWhole(text))
            _json.WriteStringValue(text);
        else
            WriteTagged(TaggedScalars.Utf16, TaggedScalars.ToUtf16(text));
    }

    // A double keeps its point or exponent, so that it is not read back as an integer.
    private void WriteDouble(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        _json.WriteRawValue(text.IndexOfAny(['.', 'E']) < 0 ? text + ".0" : text);
    }

    private void WriteBytes(byte[] bytes)
    {
        _json.WriteStartObject();
        _json.WriteString(TypeKey, TaggedScalars.Bytes);
        _json.WriteBase64String(ValueKey, bytes);
        _json.WriteEndObject();
    }

    private void WriteTagged(string tag, string text)
    {
        _json.WriteStartObject();
        _json.WriteString(TypeKey, tag);
        _json.WriteString(ValueKey, text);
        _json.WriteEndObject();
    }

    private void WriteItems(IEnumerable items, int depth, int objects)
    {
        _json.WriteStartArray();
        var index = 0;
        try
        {
            foreach (var item in items)
            {
                Write(item, depth, objects);
                index++;
            }
        }
        catch (Exception e) when (ValueFaultException.Is(e))
        {
            throw ValueFaultException.Of(e).Within(index);
        }

        _json.WriteEndArray();
    }

    private void WriteRecord(object record, int depth, int objects)
    {
        _json.WriteStartObject();
        foreach (var property in ObjectShapes.PropertiesOf(record) ?? _adapter.GetProperties(record))
        {
            _json.WritePropertyName(EscapeKey(Unicode.Mend(property.Key)));
            WritePart(property.Key, property.Value, depth, objects);
        }

        _json.WriteEndObject();
    }

    private void WritePart(string name, object? value, int depth, int objects)
    {
        try
        {
            Write(value, depth, objects);
        }
        catch (Exception e) when (ValueFaultException.Is(e))
        {
            throw ValueFaultException.Of(e).Within("." + name);
        }
    }

    private void WriteDictionary(IDictionary map, int depth, int objects)
    {
        _json.WriteStartObject();
        _json.WriteString(TypeKey, map is IOrderedDictionary ? OrderedTag : HashtableTag);
        if (HasPlainKeys(map))
        {
            foreach (DictionaryEntry entry in map)
            {
                var key = (string)_adapter.Unwrap(entry.Key)!;
                _json.WritePropertyName(EscapeKey(key));
                WritePart(key, entry.Value, depth, objects);
            }
        }
        else
        {
            _json.WritePropertyName(TypeKey + KeysKey);
            Write(map.Keys, depth, objects);
            _json.WritePropertyName(TypeKey + ValuesKey);
            Write(map.Values, depth, objects);
        }

        _json.WriteEndObject();
    }

    private bool HasPlainKeys(IDictionary map)
    {
        foreach (var key in map.Keys)
        {
            if (_adapter.Unwrap(key) is not string text || !Unicode.IsWhole(text))
                return false;
        }

        return true;
    }

    // "$" opens our own keys; a key that begins with it is written with one more.
    private static string EscapeKey(string key) => key.Length > 0 && key[0] == '$' ? "$" + key : key;
}
