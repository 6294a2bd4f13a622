using System.Text.Encodings.Web;
using System.Text.Json;

namespace PrefectPS.Results;

/// <summary>The JSON options used everywhere: compact output with few escapes, strict input.</summary>
public static class JsonStyle
{
    internal static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = Limits.MaxJsonDepth, SkipValidation = true };

    /// <summary>Options for reading JSON.</summary>
    public static readonly JsonReaderOptions Reader = new() { MaxDepth = Limits.MaxJsonDepth };

    private const int MuchPending = 64 * 1024;

    /// <summary>Collects what is written, as UTF-8.</summary>
    public static byte[] ToBytes(Action<Utf8JsonWriter> write)
    {
        using var buffer = new ContentBuffer();
        using (var json = NewWriter(buffer))
            write(json);
        return buffer.ToArray();
    }

    /// <summary>A duration in milliseconds, to the microsecond; longer ones than can be read are clamped.</summary>
    internal static decimal Milliseconds(TimeSpan time) => Limits.Clamp(time).Ticks / 10 / 1000m;

    /// <summary>Creates a writer that writes to the buffer without a copy.</summary>
    internal static Utf8JsonWriter NewWriter(System.Buffers.IBufferWriter<byte> output) => new(output, Writer);

    /// <summary>Flushes a stream's writer once much is pending: it buffers everything until then.</summary>
    internal static void FlushIfMuch(Utf8JsonWriter json)
    {
        if (json.BytesPending > MuchPending)
            json.Flush();
    }
}
