using PrefectPS.Storage;

namespace PrefectPS.Google.Storage;

/// <summary>The content of an object, resumed after a broken connection.</summary>
/// <param name="first">The initial download.</param>
/// <param name="store">The store's name.</param>
/// <param name="retry">The retry settings: attempts between two bytes, and the timeout of a silent connection.</param>
/// <param name="resume">Starts a download of the same content at an offset.</param>
internal sealed class ResumedContent(Download first, string store, StoreRetry retry, Func<long, CancellationToken, Task<Download>> resume) : ReadOnlyStream
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
                _download ??= await resume(_position, cancellationToken);
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
