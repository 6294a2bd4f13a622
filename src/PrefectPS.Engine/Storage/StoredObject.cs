namespace PrefectPS.Storage;

/// <summary>An object opened for reading.</summary>
/// <param name="content">The content, at its beginning. It is disposed with the object.</param>
/// <param name="length">The size in bytes.</param>
/// <param name="version">Returns the version. It is called once, if the version is asked for.</param>
public sealed class StoredObject(Stream content, long length, Func<string> version) : IDisposable
{
    private string? _version;

    /// <summary>The content, which is read once, from the beginning to the end.</summary>
    public Stream Content => content;

    /// <summary>The size in bytes.</summary>
    public long Length => length;

    /// <summary>The version of the object: a text that only this content of it has.</summary>
    public string Version => _version ??= version();

    /// <summary>Reads the whole content, for objects that are known to be small.</summary>
    public async ValueTask<byte[]> ReadAllAsync(CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream(checked((int)length));
        await content.CopyToAsync(buffer, 81920, cancellationToken);
        return buffer.ToArray();
    }

    /// <summary>Closes the content.</summary>
    public void Dispose() => content.Dispose();
}
