using System.Buffers;
using System.Globalization;
using System.Text.Json;
using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>Stores results as JSON with the type tags of <see cref="ValueWriter"/>; files that a result refers to are stored beside it.</summary>
public sealed class JsonSerializer(IValueAdapter values) : IResultSerializer
{
    /// <inheritdoc/>
    public string Name => "Json";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".json"];

    /// <inheritdoc/>
    public ResultContent Write(object value, ResultFiles files)
    {
        var content = new ContentBuffer();
        using (var json = JsonStyle.NewWriter(content))
            ValueWriter.Write(json, value, values, files);
        content.Position = 0;
        return new(content) { Value = value };
    }

    /// <inheritdoc/>
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

    /// <summary>Deserializes a value from memory.</summary>
    /// <param name="content">UTF-8, or UTF-16 with a byte order mark.</param>
    /// <param name="files">Reads the files stored with it; null where it has none.</param>
    /// <param name="depth">The deepest nesting allowed.</param>
    /// <exception cref="FormatException">The JSON is malformed, has unknown tags or nests too deep.</exception>
    public object? Read(ReadOnlySpan<byte> content, ResultFiles? files = null, int depth = Limits.MaxFileDepth)
    {
        var json = new Utf8JsonReader(JsonEncoding.ToUtf8(content), JsonStyle.Reader);
        try
        {
            json.Read();
            var value = ValueReader.Read(ref json, values, depth, files);
            return json.Read() ? throw new FormatException("something follows the value") : value;
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            // The reader validates a string only when it is read: invalid UTF-8, a lone surrogate.
            throw new FormatException($"{e.Message} (before byte {json.BytesConsumed.ToString(CultureInfo.InvariantCulture)} of the JSON)", e);
        }
    }

    /// <summary>Serializes a value as UTF-8.</summary>
    public byte[] ToBytes(object value) => JsonStyle.ToBytes(json => ValueWriter.Write(json, value, values));
}
