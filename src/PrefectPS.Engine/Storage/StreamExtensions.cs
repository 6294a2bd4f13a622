using System.Runtime.InteropServices;

namespace PrefectPS.Storage;

/// <summary>The ways to read a stream that the two targets have in forms of their own.</summary>
public static class StreamExtensions
{
    private const int CompareSize = 64 * 1024;

    /// <summary>Reads some bytes into a buffer, from a place in it to its end at most.</summary>
    /// <returns>How many; 0 at the end of the stream.</returns>
    public static ValueTask<int> ReadSomeAsync(this Stream stream, byte[] buffer, int start, CancellationToken cancellationToken) =>
        stream.ReadSomeAsync(buffer.AsMemory(start), cancellationToken);

    /// <summary>Reads some bytes into a part of an array.</summary>
    /// <returns>How many; 0 at the end of the stream.</returns>
    public static ValueTask<int> ReadSomeAsync(this Stream stream, Memory<byte> buffer, CancellationToken cancellationToken) =>
#if NETSTANDARD
        MemoryMarshal.TryGetArray<byte>(buffer, out var part)
            ? new(stream.ReadAsync(part.Array!, part.Offset, part.Count, cancellationToken))
            : throw new ArgumentException("It is no part of an array.", nameof(buffer));
#else
        stream.ReadAsync(buffer, cancellationToken);
#endif

    /// <summary>Reads until a buffer is full or the stream ends.</summary>
    /// <returns>How many bytes; fewer than the buffer takes only at the end of the stream.</returns>
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
    /// <param name="count">How many bytes of it to fill; all unless given.</param>
    /// <returns>How many bytes; fewer than were to be filled only at the end of the stream.</returns>
    internal static int Fill(this Stream stream, byte[] buffer, int? count = null)
    {
        var filled = 0;
        var wanted = count ?? buffer.Length;
        while (filled < wanted && stream.Read(buffer, filled, wanted - filled) is > 0 and var some)
            filled += some;
        return filled;
    }

    /// <summary>Whether two streams go on with the same bytes to their ends.</summary>
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
