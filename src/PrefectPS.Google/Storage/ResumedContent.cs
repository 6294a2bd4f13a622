using PrefectPS.Storage;

namespace PrefectPS.Google.Storage;

/// <summary>The content of an object as it is downloaded. When its connection breaks, it is gone on with by another.</summary>
/// <param name="first">The download that was begun.</param>
/// <param name="store">The store's name.</param>
/// <param name="retry">How often a connection may break between two bytes, and how long one may be silent.</param>
/// <param name="goOn">Begins a download of the same content at a place.</param>
internal sealed class ResumedContent(Download first, string store, StoreRetry retry, Func<long, CancellationToken, Task<Download>> goOn) : ReadOnlyStream
{
    private readonly long _length = first.Length;
    private Download? _download = first;
    private long _position;

    public override int Read(byte[] buffer, int offset, int count) => TakeAsync(buffer.AsMemory(offset, count), CancellationToken.None).Wait();

    protected override async ValueTask<int> TakeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                _download ??= await goOn(_position, cancellationToken);
                var read = await ReadOnceAsync(_download.Content, buffer, cancellationToken);
                if (read == 0 && buffer.Length > 0 && _position < _length)
                    throw new EndOfStreamException("the connection was closed");
                _position += read;
                return read;
            }
            catch (Exception e) when (tries < retry.Tries && !cancellationToken.IsCancellationRequested && StoreFault.OfNetwork(e) is { } fault)
            {
                StoreNotices.Retrying($"The store '{store}'", tries + 1, retry.Tries, fault.Reason);
                _download?.Dispose();
                _download = null;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _download?.Dispose();
        base.Dispose(disposing);
    }

    private async Task<int> ReadOnceAsync(Stream content, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(retry.TryTime);
        return await content.ReadSomeAsync(buffer, timer.Token);
    }
}
