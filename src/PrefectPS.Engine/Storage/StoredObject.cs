namespace PrefectPS.Storage;

/// <summary>An object opened for reading.</summary>
/// <param name="content">Its content, at the beginning.</param>
/// <param name="length">Its size in bytes.</param>
/// <param name="version">Tells its version, when that is asked for.</param>
public sealed class StoredObject(Stream content, long length, Func<string> version) : IDisposable
{
    private string? _version;

    /// <summary>Its content: to be read once, from the beginning to the end.</summary>
    public Stream Content => content;

    /// <summary>Its size in bytes.</summary>
    internal long Length => length;

    /// <summary>A text that stands for this content of the object; it says nothing else.</summary>
    internal string Version => _version ??= version();

    /// <summary>Its content at once, for objects that are known to be small.</summary>
    internal async ValueTask<byte[]> ReadAllAsync(CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream(checked((int)length));
        await content.CopyToAsync(buffer, 81920, cancellationToken);
        return buffer.ToArray();
    }

    /// <summary>Closes the content.</summary>
    public void Dispose() => content.Dispose();
}
