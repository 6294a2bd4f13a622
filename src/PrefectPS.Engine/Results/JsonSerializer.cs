using System.Buffers;
using System.Globalization;
using System.Text.Json;
using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>
/// Results as JSON, with <see cref="ValueWriter"/>'s tags for what JSON has no form for. Files that a result refers to are stored beside it.
/// </summary>
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
        return new(content) { Kept = value };
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

    /// <summary>Reads a value that is in memory.</summary>
    /// <param name="content">It, as UTF-8, or with the mark of UTF-16.</param>
    /// <param name="files">Gets the files that were stored with it; null where there are none.</param>
    /// <param name="depth">How deep it may nest.</param>
    /// <exception cref="FormatException">It is no JSON, or not ours, or nests too deep.</exception>
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
            // The reader finds out that a text is no Unicode when it is taken: a byte of another encoding, half a pair of surrogates.
            throw new FormatException($"{e.Message} (before byte {json.BytesConsumed.ToString(CultureInfo.InvariantCulture)} of the JSON)", e);
        }
    }

    /// <summary>A value as UTF-8.</summary>
    public byte[] ToBytes(object value) => JsonStyle.ToBytes(json => ValueWriter.Write(json, value, values));
}
