using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PrefectPS.Host.Commands.Json;

/// <summary>Writes any object as JSON, down to a depth; what lies deeper is written as its text.</summary>
internal sealed class JsonObjectWriter(int maxDepth, bool enumsAsStrings, CancellationToken stopped)
{
    /// <summary>Whether something lay deeper.</summary>
    public bool IsTruncated { get; private set; }

    public string Write(object? value, bool isIndented)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = isIndented };
        using (var writer = new Utf8JsonWriter(buffer, options))
            Write(writer, value, depth: 0);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        stopped.ThrowIfCancellationRequested();
        var bare = value is PSObject wrapper ? wrapper.BaseObject : value;
        if (TryWriteScalar(writer, bare))
            return;

        if (depth > maxDepth)
        {
            IsTruncated = true;
            writer.WriteStringValue(value!.ToString());
        }
        else if (bare is IDictionary dictionary)
        {
            WriteDictionary(writer, dictionary, depth);
        }
        else if (bare is IEnumerable items)
        {
            WriteArray(writer, items, depth);
        }
        else
        {
            WriteProperties(writer, PSObject.AsPSObject(value), depth);
        }
    }

    private bool TryWriteScalar(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                writer.WriteNullValue();
                return true;
            case string or char or Guid:
                writer.WriteStringValue(value.ToString());
                return true;
            case Uri uri:
                writer.WriteStringValue(uri.OriginalString);
                return true;
            case bool boolean:
                writer.WriteBooleanValue(boolean);
                return true;
            case DateTime date:
                writer.WriteStringValue(date);
                return true;
            case DateTimeOffset date:
                writer.WriteStringValue(date);
                return true;
            case Enum member:
                WriteEnum(writer, member);
                return true;
            case double or float or Half or decimal:
                WriteFraction(writer, (IFormattable)value);
                return true;
            case sbyte or byte or short or ushort or int or uint or long or ulong or BigInteger:
                writer.WriteRawValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                return true;
            default:
                return false;
        }
    }

    private void WriteEnum(Utf8JsonWriter writer, Enum member)
    {
        if (enumsAsStrings)
            writer.WriteStringValue(member.ToString());
        else
            writer.WriteRawValue(member.ToString("D"));
    }

    private void WriteDictionary(Utf8JsonWriter writer, IDictionary dictionary, int depth)
    {
        writer.WriteStartObject();
        foreach (DictionaryEntry entry in dictionary)
        {
            writer.WritePropertyName(entry.Key.ToString()!);
            Write(writer, entry.Value, depth + 1);
        }

        writer.WriteEndObject();
    }

    private void WriteArray(Utf8JsonWriter writer, IEnumerable items, int depth)
    {
        writer.WriteStartArray();
        foreach (var item in items)
            Write(writer, item, depth + 1);
        writer.WriteEndArray();
    }

    private void WriteProperties(Utf8JsonWriter writer, PSObject value, int depth)
    {
        writer.WriteStartObject();
        foreach (var property in value.Properties)
        {
            if (!property.IsGettable)
                continue;
            writer.WritePropertyName(property.Name);
            Write(writer, ValueOf(property), depth + 1);
        }

        writer.WriteEndObject();
    }

    // 1 is written 1.0, so that it is read as a fraction again; what is no number is written by its name.
    private static void WriteFraction(Utf8JsonWriter writer, IFormattable number)
    {
        var text = number.ToString(null, CultureInfo.InvariantCulture);
        if (!char.IsAsciiDigit(text[^1]))
            writer.WriteStringValue(text);
        else
            writer.WriteRawValue(text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0");
    }

    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
