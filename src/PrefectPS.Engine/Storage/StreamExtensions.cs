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
}
