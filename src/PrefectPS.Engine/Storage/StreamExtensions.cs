namespace PrefectPS.Storage;

/// <summary>The one way to read a stream that both targets have in a form of their own.</summary>
internal static class StreamExtensions
{
    /// <summary>Reads some bytes into a buffer, from a place in it to its end at most.</summary>
    /// <returns>How many; 0 at the end of the stream.</returns>
    public static ValueTask<int> ReadSomeAsync(this Stream stream, byte[] buffer, int start, CancellationToken cancellationToken) =>
#if NETSTANDARD
        new(stream.ReadAsync(buffer, start, buffer.Length - start, cancellationToken));
#else
        stream.ReadAsync(buffer.AsMemory(start), cancellationToken);
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
    public static int Fill(this Stream stream, byte[] buffer, int? count = null)
    {
        var filled = 0;
        var wanted = count ?? buffer.Length;
        while (filled < wanted && stream.Read(buffer, filled, wanted - filled) is > 0 and var some)
            filled += some;
        return filled;
    }
}
