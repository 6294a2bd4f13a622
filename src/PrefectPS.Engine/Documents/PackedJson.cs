using System.IO.Compression;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>JSON in gzip, for the store: fast rather than small, compressed while it is written.</summary>
/// <param name="Content">The gzip data.</param>
/// <param name="Bytes">The uncompressed size.</param>
internal sealed record PackedJson(byte[] Content, long Bytes)
{
    /// <summary>Compresses what is written.</summary>
    public static PackedJson Of(Action<Utf8JsonWriter> write)
    {
        using var packed = new ContentBuffer();
        long bytes;
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            using var json = new Utf8JsonWriter(stream, JsonStyle.Writer);
            write(json);
            json.Flush();
            bytes = json.BytesCommitted;
        }

        return new(packed.ToArray(), bytes);
    }
}
