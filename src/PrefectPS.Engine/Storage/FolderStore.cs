namespace PrefectPS.Storage;

/// <summary>A store in a folder. Writes go to a file beside the target, are flushed to disk, and take its name in one move.</summary>
internal sealed class FolderStore : IFlowStore
{
    private const int BufferSize = 64 * 1024;
    private readonly string _root;

    /// <summary>A store in this folder, which is created on the first write.</summary>
    /// <param name="root">An absolute path.</param>
    public FolderStore(string root) => _root = Path.GetFullPath(root);

    public string Name => _root;

    public ValueTask<Stream?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return new(new FileStream(Locate(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new((Stream?)null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FlowErrors.StoreFailed(Name, "read", path, e);
        }
    }

    public ValueTask WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = Locate(path);
        var draft = $"{file}.{Guid.NewGuid():n}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            WriteDurably(draft, content);
            AtomicFile.Move(draft, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AtomicFile.TryDelete(draft);
            throw FlowErrors.StoreFailed(Name, "write", path, e);
        }

        return default;
    }

    private static void WriteDurably(string file, ReadOnlyMemory<byte> content)
    {
        using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize);
#if NETSTANDARD
        var bytes = content.ToArray();
        stream.Write(bytes, 0, bytes.Length);
#else
        stream.Write(content.Span);
#endif
        stream.Flush(flushToDisk: true);
    }

    private string Locate(string path) => Path.Combine(_root, StorePath.Check(path).Replace('/', Path.DirectorySeparatorChar));
}
