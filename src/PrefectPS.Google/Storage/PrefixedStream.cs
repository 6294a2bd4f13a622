using PrefectPS.Storage;

namespace PrefectPS.Google.Storage;

/// <summary>A stream whose beginning was already read, from its beginning.</summary>
/// <param name="lead">The beginning.</param>
/// <param name="rest">The rest.</param>
internal sealed class PrefixedStream(ArraySegment<byte> lead, Stream rest) : ReadOnlyStream
{
    private int _position;

    public override int Read(byte[] buffer, int offset, int count) =>
        _position < lead.Count ? ReadPrefix(buffer.AsSpan(offset, count)) : rest.Read(buffer, offset, count);

    protected override ValueTask<int> TakeAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _position < lead.Count ? new(ReadPrefix(buffer.Span)) : rest.ReadSomeAsync(buffer, cancellationToken);

    private int ReadPrefix(Span<byte> buffer)
    {
        var taken = Math.Min(buffer.Length, lead.Count - _position);
        lead.AsSpan(_position, taken).CopyTo(buffer);
        _position += taken;
        return taken;
    }
}
