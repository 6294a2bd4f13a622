using System.IO.Compression;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>Compression available on both target frameworks: deflate (RFC 1951), and gzip for reading.</summary>
public static class Packing
{
    private const int BufferSize = 16 * 1024;

    internal static byte[] Deflate(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var stream = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            stream.Write(content, 0, content.Length);

        // Readers cap the expansion ratio; trailing zeros, which inflating ignores, keep highly compressible content below it.
        if (content.Length > Limit(packed.Length))
            packed.SetLength(((content.Length - Limits.FreeUnpackedBytes) / Limits.MaxUnpackedRatio) + 1);
        return packed.ToArray();
    }

    /// <summary>The size to which this many packed bytes may expand.</summary>
    internal static long Limit(long packed) => Math.Min(Limits.MaxDocumentBytes, Limits.FreeUnpackedBytes + (packed * Limits.MaxUnpackedRatio));

    /// <summary>Decompresses what <see cref="Deflate"/> wrote.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: the input is damaged, or expands too much.</exception>
    internal static byte[] Inflate(byte[] packed) => Unpack(packed, Limit(packed.Length), stream => new DeflateStream(stream, CompressionMode.Decompress));

    /// <summary>True if the content has gzip's magic number.</summary>
    public static bool IsGzip(ReadOnlySpan<byte> content) => content.Length > 2 && content[0] == 0x1f && content[1] == 0x8b;

    /// <summary>Decompresses gzip.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: the input is damaged, or expands too much.</exception>
    internal static byte[] Gunzip(byte[] packed) => Gunzip(packed, Limit(packed.Length));

    /// <summary>Decompresses gzip, up to a limit.</summary>
    /// <param name="packed">The gzip data.</param>
    /// <param name="limit">The largest expanded size.</param>
    /// <param name="size">The expected expanded size; if exact, nothing is copied.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: the input is damaged, or expands too much.</exception>
    internal static byte[] Gunzip(byte[] packed, long limit, int size = 0) =>
        Unpack(packed, limit, stream => new GZipStream(stream, CompressionMode.Decompress), size);

    // Read incrementally, so that a decompression bomb never allocates more than the limit.
    private static byte[] Unpack(byte[] packed, long limit, Func<Stream, Stream> open, int size = 0)
    {
        try
        {
            using var stream = open(new MemoryStream(packed));
            var said = new byte[(int)Math.Min(Math.Max(size, 0), Math.Min(limit, Limit(packed.Length)))];
            var filled = 0;
            int count;
            while (filled < said.Length && (count = stream.Read(said, filled, said.Length - filled)) > 0)
                filled += count;
            using var more = new ContentBuffer();
            var buffer = new byte[BufferSize];
            while (filled == said.Length && (count = stream.Read(buffer, 0, buffer.Length)) > 0)
            {
                if (filled + more.Length + count > limit)
                    throw FlowErrors.StateUnreadable($"its {packed.Length} bytes unpack to more than {limit}");
                more.Write(buffer, 0, count);
            }

            return more.Length == 0 ? filled == said.Length ? said : said.AsSpan(0, filled).ToArray()
                : filled == 0 ? more.ToArray()
                : [.. said, .. more.ToArray()];
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw FlowErrors.StateUnreadable($"what is packed in it is damaged: {e.Message}", e);
        }
    }
}
