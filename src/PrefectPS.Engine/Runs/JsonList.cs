using System.Buffers;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>The elements of a JSON array that is written bit by bit.</summary>
internal sealed class JsonList : IDisposable
{
    private readonly Utf8JsonWriter _json;
    private ContentBuffer _buffer = new();

    public JsonList() => _json = JsonStyle.NewWriter(_buffer);

    /// <summary>How many elements there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes they take, those of the last one perhaps not counted.</summary>
    public long Length => _buffer.Length + _json.BytesPending;

    /// <summary>The writer, to be given one more element.</summary>
    public Utf8JsonWriter Next()
    {
        if (Count++ == 0)
            _json.WriteStartArray();
        return _json;
    }

    /// <summary>Takes all elements out, as an array.</summary>
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
