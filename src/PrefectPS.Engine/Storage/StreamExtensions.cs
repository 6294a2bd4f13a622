using System.Runtime.InteropServices;

namespace PrefectPS.Storage;

/// <summary>Stream reads that differ between the target frameworks.</summary>
public static class StreamExtensions
{
    private const int CompareSize = 64 * 1024;

    /// <summary>Reads some bytes into a buffer from an index on.</summary>
    /// <returns>Number of bytes; 0 at the end of the stream.</returns>
    public static ValueTask<int> ReadSomeAsync(this Stream stream, byte[] buffer, int start, CancellationToken cancellationToken) =>
        stream.ReadSomeAsync(buffer.AsMemory(start), cancellationToken);

    /// <summary>Reads some bytes into a part of an array.</summary>
    /// <returns>Number of bytes; 0 at the end of the stream.</returns>
    public static ValueTask<int> ReadSomeAsync(this Stream stream, Memory<byte> buffer, CancellationToken cancellationToken) =>
#if NETSTANDARD
        MemoryMarshal.TryGetArray<byte>(buffer, out var part)
            ? new(stream.ReadAsync(part.Array!, part.Offset, part.Count, cancellationToken))
            : throw new ArgumentException("It is no part of an array.", nameof(buffer));
#else
        stream.ReadAsync(buffer, cancellationToken);
#endif

    /// <summary>Reads until a buffer is full or the stream ends.</summary>
    /// <returns>Number of bytes; less than the buffer only at the end of the stream.</returns>
    public static async ValueTask<int> FillAsync(this Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < buffer.Length && await stream.ReadSomeAsync(buffer, filled, cancellationToken) is > 0 and var count)
            filled += count;
        return filled;
    }

    /// <summary>Reads until a buffer is full or the stream ends.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="buffer">The buffer.</param>
    /// <param name="count">Number of bytes to read; null for the whole buffer.</param>
    /// <returns>Number of bytes; less than requested only at the end of the stream.</returns>
    internal static int Fill(this Stream stream, byte[] buffer, int? count = null)
    {
        var filled = 0;
        var wanted = count ?? buffer.Length;
        while (filled < wanted && stream.Read(buffer, filled, wanted - filled) is > 0 and var some)
            filled += some;
        return filled;
    }

    /// <summary>True if two streams have the same remaining bytes.</summary>
    internal static bool HasSameBytes(this Stream stream, Stream other)
    {
        byte[] bytes = new byte[CompareSize], others = new byte[CompareSize];
        int count;
        do
        {
            count = stream.Fill(bytes);
            if (!bytes.AsSpan(0, count).SequenceEqual(others.AsSpan(0, other.Fill(others))))
                return false;
        }
        while (count == CompareSize);
        return true;
    }
}
