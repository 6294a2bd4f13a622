using System.Text.Json;

namespace PrefectPS.Results;

/// <summary>Results as JSON, with <see cref="ValueWriter"/>'s tags for what JSON has no form for.</summary>
internal sealed class JsonSerializer(IValueAdapter values) : IResultSerializer
{
    public byte[] Write(object value, out object kept)
    {
        kept = value;
        return JsonStyle.ToBytes(json => ValueWriter.Write(json, value, values));
    }

    public object? Read(byte[] content)
    {
        try
        {
            var json = new Utf8JsonReader(content, JsonStyle.Reader);
            json.Read();
            var value = ValueReader.Read(ref json, values);
            return json.Read() ? throw new FormatException("something follows the value") : value;
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
