using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace PrefectPS.Results;

/// <summary>Serializes a task's return value as JSON from which <see cref="ValueReader"/> restores an equal value.</summary>
/// <remarks>
/// Strings, booleans, null, <see cref="int"/>, <see cref="double"/>, object[] and records are plain JSON; the rest carries a <c>$type</c> from a closed list,
/// <see cref="KnownTypes"/>. Values that would not come back equal are rejected. A list, table or long string that occurs twice is written once; the
/// second occurrence is a reference to its number, counting containers and long strings.
/// </remarks>
public sealed class ValueWriter
{
    /// <summary>Strings of at least this length are numbered, and written once only.</summary>
    internal const int LongText = 256;

    /// <summary>The key of the type of a tagged value.</summary>
    public const string TypeKey = "$type";

    /// <summary>The key of the value of a tagged value.</summary>
    public const string ValueKey = "value";
    internal const string KeysKey = "$typekeys";
    internal const string ValuesKey = "$typevalues";
    internal const string ItemsKey = "$items";
    internal const string LengthsKey = "$lengths";
    internal const string ComparerKey = "$comparer";
    internal const string NamesKey = "$names";
    internal const string NotesKey = "$notes";
    internal const string StoredFileTag = "storedfile";
    internal const string RefTag = "ref";
    internal const string MarkedTag = "marked";

    private readonly Utf8JsonWriter _json;
    private readonly IValueAdapter _adapter;
    private readonly IFileSink? _files;
    private readonly Dictionary<object, int>? _written;
    private readonly Stack<int> _open = new();
    private int _count;

    private ValueWriter(Utf8JsonWriter json, IValueAdapter adapter, IFileSink? files, bool isForHash)
    {
        _json = json;
        _adapter = adapter;
        _files = files;
        _written = isForHash ? null : new(ReferenceComparer.Instance);
    }

    /// <summary>Serializes a value.</summary>
    /// <param name="json">The output.</param>
    /// <param name="value">The value.</param>
    /// <param name="adapter">Inspects objects of the language.</param>
    /// <param name="files">Stores the contents of files in the value; null to write only their paths.</param>
    /// <param name="isForHash">Whether equal values must give equal text: repeated parts are then written in full.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.ResultInvalid"/>: the value nests deeper than <see cref="Limits.MaxValueDepth"/>, would not come back equal, or its code throws or does
    /// not return; <see cref="FlowErrorId.StoreFailed"/>: a file cannot be stored.
    /// </exception>
    public static void Write(Utf8JsonWriter json, object? value, IValueAdapter adapter, IFileSink? files = null, bool isForHash = false)
    {
        try
        {
            if (value is string text && Unicode.IsWellFormed(text))
                json.WriteStringValue(CheckLength(text)); // a lone string repeats nothing
            else if (!TryWritePlain(json, value))
                new ValueWriter(json, adapter, files, isForHash).Write(value, 0);
        }
        catch (ValueFaultException e)
        {
            throw FlowErrors.ValueNotWritable(e);
        }
    }

    private static bool TryWritePlain(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                return true;
            case string { Length: < LongText } text when Unicode.IsWellFormed(text):
                json.WriteStringValue(text);
                return true;
            case int number:
                json.WriteNumberValue(number);
                return true;
            case bool flag:
                json.WriteBooleanValue(flag);
                return true;
            case double number when !double.IsNaN(number) && !double.IsInfinity(number):
                WriteDouble(json, number);
                return true;
            default:
                return false;
        }
    }

    // Keeps a decimal point or exponent, so that a double is not read back as an integer.
    private static void WriteDouble(Utf8JsonWriter json, double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        json.WriteRawValue(text.IndexOfAny(['.', 'E']) < 0 ? text + ".0" : text);
    }

    private void Write(object? value, int depth)
    {
        CheckDepth(depth);
        if (TryWritePlain(_json, value))
            return;
        if (_adapter.Unwrap(value) is not { } bare)
        {
            _json.WriteNullValue();
            return;
        }

        var marks = _adapter.AnnotationsOf(value!);
        if (marks is not null && bare is (string or ValueType))
            WriteMarked(bare, marks, depth, isWrapped: true);
        else if (IsShareable(bare) && _written?.TryGetValue(bare, out var before) == true)
            WriteReference(before);
        else if (marks is not null)
            WriteMarked(bare, marks, depth, isWrapped: false);
        else if (ReferenceEquals(bare, value) || !TryWritePlain(_json, bare))
            WriteBare(bare, depth);
    }

    private static void CheckDepth(int depth)
    {
        if (depth > Limits.MaxValueDepth)
            throw new ValueFaultException($"it nests deeper than {Limits.MaxValueDepth} levels, or contains itself");
    }

    private void WriteBare(object value, int depth)
    {
        switch (value)
        {
            case string text:
                WriteLongText(text);
                break;
            case long number when number is < int.MinValue or > int.MaxValue:
                _json.WriteNumberValue(number);
                break;
            case int or bool or double when TryWritePlain(_json, value):
                break;
            case Enum name:
                WriteTagged(_adapter.Types.NameOf(name.GetType()) ?? throw Refused(value), name.ToString());
                break;
            case byte[] bytes:
                WriteBytes(bytes);
                break;
            case FileInfo file when _files is not null && File.Exists(file.FullName):
                WriteTagged(StoredFileTag, _files.Add(file));
                break;
            case { } secret when _adapter.IsSecret(secret):
                throw new ValueFaultException("it is a secret, which is never written") { Remedy = "Use -Sensitive for the task, or leave the secret out" };
            case { } plain when TaggedScalars.TryWrite(plain, out var tag, out var text) || _adapter.TryWriteScalar(plain, out tag, out text):
                if (TaggedScalars.FaultOf(plain, tag, text) is { } fault)
                    throw new ValueFaultException($"it could not be read again: {fault}");
                if (plain is System.Xml.XmlDocument or System.Text.StringBuilder)
                    Register(plain);
                WriteTagged(tag, text);
                break;
            case Task { IsCompleted: false }:
                throw new ValueFaultException("it is a .NET task that has not finished: wait for it in the script, as by $task.GetAwaiter().GetResult()");
            case { } record when _adapter.IsRecord(record):
                WriteRecord(record, depth + 1);
                break;
            case { } code when _adapter.RemedyFor(code) is not null:
                throw Refused(code);
            case IDictionary map:
                WriteDictionary(map, depth + 1);
                break;
            case object[] items when value.GetType() == typeof(object[]):
                Register(value);
                WriteItems(items, typeof(object), depth + 1);
                break;
            case IEnumerable items:
                WriteList(items, depth + 1);
                break;
            default:
                throw Refused(value);
        }
    }

    private ValueFaultException Refused(object value) => UnsupportedValue.Of(value, _adapter.RemedyFor(value));

    // Empty arrays are shared singletons.
    private static bool IsShareable(object value) => value is not (ValueType or string { Length: < LongText } or Array { Length: 0 });

    private void Register(object value)
    {
        if (_written is not null && IsShareable(value))
            _written[value] = _count;
    }

    private void WriteReference(int before)
    {
        if (_open.Contains(before))
            throw new ValueFaultException("it contains itself");
        WriteTagged(RefTag, before.ToString(CultureInfo.InvariantCulture));
    }

    private void Open()
    {
        _open.Push(_count++);
        _json.WriteStartObject();
    }

    private void Close()
    {
        _open.Pop();
        _json.WriteEndObject();
    }

    // JSON cannot represent a lone surrogate.
    private void WriteLongText(string text)
    {
        Register(text);
        if (Unicode.IsWellFormed(text))
            WriteText(text);
        else
            WriteTagged(TaggedScalars.Utf16, TaggedScalars.ToUtf16(text));
    }

    private void WriteText(string text)
    {
        if (text.Length >= LongText)
            _count++;
        _json.WriteStringValue(CheckLength(text));
    }

    private static string CheckLength(string text) => text.Length <= Limits.MaxJsonTextLength
        ? text
        : throw new ValueFaultException(FormattableString.Invariant($"it is a text of {text.Length} characters; the maximum in JSON is {Limits.MaxJsonTextLength}"));

    private void WriteBytes(byte[] bytes)
    {
        if (bytes.Length > Limits.MaxJsonBytesLength)
            throw new ValueFaultException(FormattableString.Invariant($"it is an array of {bytes.Length} bytes; the maximum in JSON is {Limits.MaxJsonBytesLength}"));
        Register(bytes);
        Open();
        _json.WriteString(TypeKey, TaggedScalars.Bytes);
        _json.WriteBase64String(ValueKey, bytes);
        if ((bytes.Length + 2) / 3 * 4 >= LongText)
            _count++;
        Close();
    }

    private void WriteTagged(string tag, string text)
    {
        Open();
        _json.WriteString(TypeKey, tag);
        _json.WritePropertyName(ValueKey);
        WriteText(text);
        Close();
    }

    // A string or number repeats its annotations at each occurrence; any other object is annotated once and then referenced.
    private void WriteMarked(object bare, ValueAnnotations marks, int depth, bool isWrapped)
    {
        Open();
        _json.WriteString(TypeKey, MarkedTag);
        if (marks.TypeNames.Count > 0)
        {
            _json.WritePropertyName(NamesKey);
            WriteItems(marks.TypeNames, typeof(string), depth + 2);
        }

        if (marks.Notes.Count > 0)
        {
            _json.WritePropertyName(NotesKey);
            WriteProperties(marks.Notes, depth + 2);
        }

        _json.WritePropertyName(ValueKey);
        if (isWrapped)
            Write(bare, depth + 1);
        else
            WriteBare(bare, depth + 1);
        if (!isWrapped && _written?.ContainsKey(bare) == true)
            _written[bare] = _open.Peek();
        Close();
    }

    private void WriteItems(IEnumerable items, Type element, int depth)
    {
        _open.Push(_count++);
        _json.WriteStartArray();
        var isBare = ItemConverter.IsBare(element);
        var index = 0;
        try
        {
            foreach (var item in items)
            {
                if (isBare)
                    WriteBareItem(item, depth);
                else
                    Write(item, depth);
                index++;
            }
        }
        catch (Exception e) when (ValueFaultException.Is(e))
        {
            throw ValueFaultException.Of(e).Within(index);
        }

        _json.WriteEndArray();
        _open.Pop();
    }

    private void WriteBareItem(object item, int depth)
    {
        CheckDepth(depth);
        if (item is Enum name)
            _json.WriteStringValue(name.ToString());
        else if (item is ulong large)
            _json.WriteNumberValue(large);
        else
            _json.WriteNumberValue(Convert.ToInt64(item, CultureInfo.InvariantCulture));
    }

    private void WriteList(IEnumerable items, int depth)
    {
        var type = items.GetType();
        if (_adapter.Types.NameOf(type) is not { } name || ListTypes.ElementOf(type) is not { } element)
            throw Refused(items);
        Register(items);
        Open();
        _json.WriteString(TypeKey, name);
        WriteComparer(items);
        if (items is Array { Rank: > 1 } grid)
            WriteLengths(grid, depth);
        _json.WritePropertyName(ItemsKey);
        WriteItems(items, element, depth + 1);
        Close();
    }

    private void WriteLengths(Array grid, int depth)
    {
        int[] sides = [.. Enumerable.Range(0, grid.Rank)];
        if (sides.Any(side => grid.GetLowerBound(side) != 0))
            throw new ValueFaultException("it is an array whose indexes do not start at 0") { Remedy = "Return an array that starts at 0" };
        _json.WritePropertyName(LengthsKey);
        WriteItems(sides.Select(grid.GetLength), typeof(int), depth + 1);
    }

    private void WriteComparer(object collection)
    {
        if (KeyComparers.NameOf(collection) is { } comparer)
            _json.WriteString(ComparerKey, comparer);
    }

    private void WriteRecord(object record, int depth)
    {
        Register(record);
        WriteProperties(_adapter.GetProperties(record), depth);
    }

    private void WriteProperties(IEnumerable<KeyValuePair<string, object?>> properties, int depth)
    {
        Open();
        foreach (var property in properties)
        {
            _json.WritePropertyName(EscapeKey(Unicode.ReplaceLoneSurrogates(property.Key)));
            WritePart(property.Key, property.Value, typeof(object), depth);
        }

        Close();
    }

    private void WritePart(string name, object? value, Type type, int depth)
    {
        try
        {
            if (value is not null && ItemConverter.IsBare(type))
                WriteBareItem(value, depth);
            else
                Write(value, depth);
        }
        catch (Exception e) when (ValueFaultException.Is(e))
        {
            throw ValueFaultException.Of(e).Within("." + name);
        }
    }

    private void WriteDictionary(IDictionary map, int depth)
    {
        var type = map.GetType();
        if (_adapter.Types.NameOf(type) is not { } name)
            throw Refused(map);
        var (keys, values) = DictionaryTypes.ElementsOf(type);
        Register(map);
        Open();
        _json.WriteString(TypeKey, name);
        WriteComparer(map);
        if (HasPlainKeys(map))
        {
            foreach (DictionaryEntry entry in map)
            {
                var key = (string)entry.Key;
                _json.WritePropertyName(EscapeKey(key));
                WritePart(key, entry.Value, values, depth);
            }
        }
        else
        {
            _json.WritePropertyName(KeysKey);
            WriteItems(map.Keys, keys, depth + 1);
            _json.WritePropertyName(ValuesKey);
            WriteItems(map.Values, values, depth + 1);
        }

        Close();
    }

    private static bool HasPlainKeys(IDictionary map)
    {
        foreach (var key in map.Keys)
        {
            if (key is not string text || !Unicode.IsWellFormed(text))
                return false;
        }

        return true;
    }

    // "$" is the prefix of our own keys; keys of the value that begin with it get another.
    private static string EscapeKey(string key) => key.Length > 0 && key[0] == '$' ? "$" + key : key;
}
