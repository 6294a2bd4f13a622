using PrefectPS.Storage;

namespace PrefectPS.Contracts;

/// <summary>A content of any size that takes no memory, and can only be read from its beginning to its end.</summary>
internal sealed class ForwardStream(long size) : ReadOnlyStream
{
    private long _position;

    /// <summary>Where reading fails with an <see cref="InvalidDataException"/>.</summary>
    public long FailsAt { get; init; } = long.MaxValue;

    /// <summary>What happens when reading comes to a place.</summary>
    public (long Place, Action Action)? At { get; init; }

    /// <summary>The whole content, to compare with.</summary>
    public static byte[] Bytes(int size) => [.. Enumerable.Range(0, size).Select(i => ByteAt(i))];

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_position >= FailsAt)
            throw new InvalidDataException("The content cannot be read on.");
        // An odd number of bytes at a time, as from a network.
        var end = Math.Min(Math.Min(size, FailsAt), _position + Math.Min(count, 65_521));
        var read = (int)(end - _position);
        for (var i = 0; i < read; i++)
            buffer[offset + i] = ByteAt(_position + i);
        _position = end;
        if (At is { } at && _position >= at.Place && _position - read < at.Place)
            at.Action();
        return read;
    }

    protected override ValueTask<int> TakeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var bytes = new byte[buffer.Length];
        var read = Read(bytes, 0, bytes.Length);
        bytes.AsSpan(0, read).CopyTo(buffer.Span);
        return new(read);
    }

    private static byte ByteAt(long position) => unchecked((byte)((position * 31) ^ (position >> 8)));
}
