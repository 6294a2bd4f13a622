using CsCheck;
using PrefectPS.Results;

namespace PrefectPS.Engine.Tests.Results;

public class ContentBufferTests
{
    private static readonly Gen<byte[][]> Parts = Gen.Byte.Array[0, 9_000].Array[0, 6];

    [Fact]
    public void Content_written_in_any_chunks_is_read_from_any_offset_in_any_chunks() => Gen.Select(Parts, Gen.Int[1, 5_000], Gen.Double[0, 1]).Sample((parts, step, place) =>
    {
        using var buffer = new ContentBuffer();
        for (var i = 0; i < parts.Length; i++)
            Write(buffer, parts[i], asStream: i % 2 == 0);
        byte[] all = [.. parts.SelectMany(part => part)];
        var start = (int)(place * all.Length);
        buffer.Position = start;
        using var read = new MemoryStream();
        buffer.CopyTo(read, step);
        return buffer.Length == all.Length && buffer.Position == all.Length && read.ToArray().AsSpan().SequenceEqual(all.AsSpan(start));
    });

    private static void Write(ContentBuffer buffer, byte[] part, bool asStream)
    {
        if (asStream)
        {
            buffer.Write(part, 0, part.Length);
            return;
        }

        part.CopyTo(buffer.GetMemory(part.Length));
        buffer.Advance(part.Length);
    }
}
