namespace PrefectPS.Storage;

/// <summary>Content of an object, read forward only; read errors are reported as store errors.</summary>
/// <param name="source">The content.</param>
/// <param name="length">Its size in bytes: a content that ends before is an error, never a shorter content.</param>
/// <param name="store">The name of the store.</param>
/// <param name="path">The object.</param>
/// <param name="explain">Maps an exception to a store fault; null if it is none.</param>
internal sealed class StoredContent(Stream source, long length, string store, string path, Func<Exception, StoreFault?> explain) : ReadOnlyStream
{
    private long _read;

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return Count(source.Read(buffer, offset, count), count);
        }
        catch (Exception e) when (explain(e) is { } fault)
        {
            throw ProviderErrors.StoreFailed(store, "read", path, fault);
        }
    }

    protected override async ValueTask<int> TakeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return Count(await source.ReadSomeAsync(buffer, cancellationToken), buffer.Length);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && explain(e) is { } fault)
        {
            throw ProviderErrors.StoreFailed(store, "read", path, fault);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }

    private int Count(int read, int wanted)
    {
        _read += read;
        return read > 0 || wanted == 0 || _read >= length
            ? read
            : throw ProviderErrors.StoreFailed(store, "read", path, StoreFault.Truncated(_read, length));
    }
}
