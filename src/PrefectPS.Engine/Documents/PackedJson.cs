using System.IO.Compression;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>JSON as it is kept, packed as gzip does: quickly rather than small. It is packed as it is written, and never in memory as a whole.</summary>
/// <param name="Content">The packed bytes.</param>
/// <param name="Bytes">How many there are unpacked.</param>
internal sealed record PackedJson(byte[] Content, long Bytes)
{
    /// <summary>Packs what is written.</summary>
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
