using System.Buffers;
using System.Text.Json;
using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>
/// Results as JSON, with <see cref="ValueWriter"/>'s tags for what JSON has no form for. Files that a result refers to are stored beside it.
/// </summary>
internal sealed class JsonSerializer(IValueAdapter values) : IResultSerializer
{
    public string Name => "Json";

    public IReadOnlyList<string> Extensions { get; } = [".json"];

    public ResultContent Write(object value, ResultFiles files)
    {
        var content = new ContentBuffer();
        using (var json = JsonStyle.NewWriter(content))
            ValueWriter.Write(json, value, values, files);
        content.Position = 0;
        return new(content) { Kept = value };
    }

    public object? Read(StoredObject content, ResultFiles files)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(checked((int)content.Length));
        try
        {
            return Read(bytes.AsSpan(0, content.Content.Fill(bytes, (int)content.Length)), files);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Reads a value that is in memory.</summary>
    /// <exception cref="FormatException">It is no JSON, or not ours.</exception>
    public object? Read(ReadOnlySpan<byte> content, ResultFiles? files = null)
    {
        try
        {
            var json = new Utf8JsonReader(content, JsonStyle.Reader);
            json.Read();
            var value = ValueReader.Read(ref json, values, files);
            return json.Read() ? throw new FormatException("something follows the value") : value;
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>A value as UTF-8.</summary>
    public byte[] ToBytes(object value) => JsonStyle.ToBytes(json => ValueWriter.Write(json, value, values));
}
