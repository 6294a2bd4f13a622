using PrefectPS.Storage;

namespace PrefectPS.Google.Storage;

/// <summary>A content of which the beginning was read already, from its beginning.</summary>
/// <param name="lead">The beginning.</param>
/// <param name="rest">What comes after it.</param>
internal sealed class LeadStream(ArraySegment<byte> lead, Stream rest) : ReadOnlyStream
{
    private int _position;

    public override int Read(byte[] buffer, int offset, int count) =>
        _position < lead.Count ? TakeLead(buffer.AsSpan(offset, count)) : rest.Read(buffer, offset, count);

    protected override ValueTask<int> TakeAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _position < lead.Count ? new(TakeLead(buffer.Span)) : rest.ReadSomeAsync(buffer, cancellationToken);

    private int TakeLead(Span<byte> buffer)
    {
        var taken = Math.Min(buffer.Length, lead.Count - _position);
        lead.AsSpan(_position, taken).CopyTo(buffer);
        _position += taken;
        return taken;
    }
}
