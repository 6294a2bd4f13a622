using System.Text.Encodings.Web;
using System.Text.Json;

namespace PrefectPS.Results;

/// <summary>How we write and read JSON everywhere: compact, characters as they are, nothing but JSON accepted.</summary>
public static class JsonStyle
{
    internal static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = Limits.MaxJsonDepth, SkipValidation = true };

    /// <summary>Options for reading JSON.</summary>
    public static readonly JsonReaderOptions Reader = new() { MaxDepth = Limits.MaxJsonDepth };

    private const int MuchPending = 64 * 1024;

    /// <summary>What is written, as UTF-8.</summary>
    public static byte[] ToBytes(Action<Utf8JsonWriter> write)
    {
        using var buffer = new ContentBuffer();
        using (var json = NewWriter(buffer))
            write(json);
        return buffer.ToArray();
    }

    /// <summary>How a length of time is written: in milliseconds, exact to a thousandth; one that is too long to be read, as the longest.</summary>
    internal static decimal Milliseconds(TimeSpan time) => Limits.Clamp(time).Ticks / 10 / 1000m;

    /// <summary>A writer that puts what it writes where it belongs, without a copy.</summary>
    internal static Utf8JsonWriter NewWriter(System.Buffers.IBufferWriter<byte> output) => new(output, Writer);

    /// <summary>Passes on what a writer to a stream has gathered, where that is much: it keeps all until then.</summary>
    internal static void FlushIfMuch(Utf8JsonWriter json)
    {
        if (json.BytesPending > MuchPending)
            json.Flush();
    }
}
