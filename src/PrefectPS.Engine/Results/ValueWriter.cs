using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace PrefectPS.Results;

/// <summary>Writes a value that a task returned as JSON that <see cref="ValueReader"/> turns back into the same value.</summary>
/// <remarks>
/// Strings, booleans, null, <see cref="int"/>, <see cref="double"/>, object[] and records are JSON's own; the rest carries a <c>$type</c> from a closed list,
/// <see cref="KnownTypes"/>. What would come back as something else is refused. A list, table or long text that occurs twice is written once: the
/// second time stands the number it has in the value, where brackets and long strings count.
/// </remarks>
internal sealed class ValueWriter
{
    /// <summary>Texts from this length on are counted, and written once only.</summary>
    public const int LongText = 256;

    public const string TypeKey = "$type";
    public const string ValueKey = "value";
    public const string KeysKey = "$typekeys";
    public const string ValuesKey = "$typevalues";
    public const string ItemsKey = "$items";
    public const string LengthsKey = "$lengths";
    public const string ComparerKey = "$comparer";
    public const string NamesKey = "$names";
    public const string NotesKey = "$notes";
    public const string StoredFileTag = "storedfile";
    public const string RefTag = "ref";
    public const string MarkedTag = "marked";

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
        _written = isForHash ? null : new(Sameness.Instance);
    }

    /// <summary>Writes one value.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="value">The value.</param>
    /// <param name="adapter">Takes objects apart.</param>
    /// <param name="files">Takes the content of the files among it; null where only their paths are to be written.</param>
    /// <param name="isForHash">Whether equal values are to be the same text: then what occurs twice is written twice.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.ResultInvalid"/>: it nests deeper than <see cref="Limits.MaxValueDepth"/>, would not come back as it is, or code of its own throws or does
    /// not return; <see cref="FlowErrorId.StoreFailed"/>: a file cannot be stored.
    /// </exception>
    public static void Write(Utf8JsonWriter json, object? value, IValueAdapter adapter, IFileSink? files = null, bool isForHash = false)
    {
        try
        {
            if (value is string text && Unicode.IsWhole(text))
                json.WriteStringValue(Fitting(text)); // alone it is nothing's repetition
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
            case string { Length: < LongText } text when Unicode.IsWhole(text):
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

    // A double keeps its point or exponent, so that it is not read back as an integer.
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

        var marks = _adapter.MarksOf(value!);
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
                WriteTagged(StoredFileTag, _files.Take(file));
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

    private ValueFaultException Refused(object value) => Refusal.Of(value, _adapter.RemedyFor(value));

    // An empty array is one that all may share.
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

    // JSON has no form for half of a surrogate pair.
    private void WriteLongText(string text)
    {
        Register(text);
        if (Unicode.IsWhole(text))
            WriteText(text);
        else
            WriteTagged(TaggedScalars.Utf16, TaggedScalars.ToUtf16(text));
    }

    private void WriteText(string text)
    {
        if (text.Length >= LongText)
            _count++;
        _json.WriteStringValue(Fitting(text));
    }

    private static string Fitting(string text) => text.Length <= Limits.MaxJsonTextLength
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

    // A text or number has its marks in a wrapper, and itself none. Any other object has them, the next time that it occurs, too.
    private void WriteMarked(object bare, ValueMarks marks, int depth, bool isWrapped)
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
        if (_adapter.Types.NameOf(type) is not { } name || ListShapes.ElementOf(type) is not { } element)
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
            _json.WritePropertyName(EscapeKey(Unicode.Mend(property.Key)));
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
        var (keys, values) = MapShapes.ElementsOf(type);
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
            if (key is not string text || !Unicode.IsWhole(text))
                return false;
        }

        return true;
    }

    // "$" opens our own keys; a key that begins with it is written with one more.
    private static string EscapeKey(string key) => key.Length > 0 && key[0] == '$' ? "$" + key : key;
}
