using System.Buffers;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>A JSON array that is written incrementally.</summary>
internal sealed class JsonList : IDisposable
{
    private readonly Utf8JsonWriter _json;
    private ContentBuffer _buffer = new();

    public JsonList() => _json = JsonStyle.NewWriter(_buffer);

    /// <summary>Number of elements.</summary>
    public int Count { get; private set; }

    /// <summary>Size in bytes, possibly without the last element.</summary>
    public long Length => _buffer.Length + _json.BytesPending;

    /// <summary>Returns the writer for one more element.</summary>
    public Utf8JsonWriter Next()
    {
        if (Count++ == 0)
            _json.WriteStartArray();
        return _json;
    }

    /// <summary>Removes all elements and returns them as an array.</summary>
    public byte[] Take()
    {
        if (Count == 0)
            return JsonArrays.Empty;
        _json.WriteEndArray();
        _json.Flush();
        var array = _buffer.ToArray();
        Clear();
        return array;
    }

    public void Dispose()
    {
        _json.Dispose();
        _buffer.Dispose();
    }

    private void Clear()
    {
        Count = 0;
        _buffer.Dispose();
        _buffer = new();
        _json.Reset((IBufferWriter<byte>)_buffer);
    }
}
