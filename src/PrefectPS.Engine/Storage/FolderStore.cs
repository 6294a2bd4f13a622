using System.Buffers;
using PrefectPS.Telemetry;

namespace PrefectPS.Storage;

/// <summary>A store in a folder. Writes go to a temporary file beside the object, are flushed, and renamed atomically.</summary>
/// <remarks>
/// Only conditional writes and deletes take a lock, per path: a process suspended in one blocks nobody else. A completed write survives a crash of the
/// process. After a power failure an object may revert to its previous content but is never partial: .NET cannot flush the folder that the rename
/// changed. Versions are content hashes.
/// </remarks>
public sealed class FolderStore : ILocalStore, ICaseInsensitiveStore, IFolderLister
{
    private const int BufferSize = 64 * 1024;

    // Between creating a folder and writing to it, a delete may remove it, once per deleting process.
    private const int FolderTries = 16;

    private readonly string _root;
    private readonly string _ownFolder;
    private readonly PathLocks _locks;
    private readonly TempFiles _tempFiles = new();

    /// <summary>Opens a store in a folder, which is created on the first write.</summary>
    /// <param name="root">An absolute path.</param>
    /// <param name="patience">How long a write waits for a hanging writer of the same object; 30 seconds by default.</param>
    public FolderStore(string root, TimeSpan? patience = null)
    {
        _root = Path.GetFullPath(root);
        _ownFolder = Path.Combine(_root, StorePath.Reserved);
        _locks = new(_ownFolder, patience ?? PathLocks.UsualPatience);
    }

    /// <inheritdoc/>
    public string Name => _root;

    /// <inheritdoc/>
    public string Address => new Uri(_root).AbsoluteUri;

    // The reserved folder exists from the first write on. Before, use the system's default.
    /// <inheritdoc/>
    public bool IgnoresCase => Directory.Exists(_ownFolder) ? Directory.Exists(Path.Combine(_root, StorePath.Reserved.ToUpperInvariant())) : !Posix.IsHere;

    /// <inheritdoc/>
    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken) =>
        StoreRequests.MeasureAsync("read", Name, path, () => OpenAsync(path, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken) =>
        StoreRequests.MeasureAsync("write", Name, path, () => PutAsync(path, content, condition, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken) =>
        StoreRequests.MeasureAsync("delete", Name, path, () => RemoveAsync(path, version, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<StoreEntry> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var start = StorePath.CheckPrefix(prefix);
        return StoreRequests.Measure(Name, prefix, new FolderListing(_root, start, _tempFiles).Entries().AsAsync(cancellationToken));
    }

    private ValueTask<StoredObject?> OpenAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = Locate(path);
        try
        {
            return new(Open(name) is { Length: var length } file
                ? new StoredObject(new StoredContent(file, length, Name, path, StoreFault.OfFile), length, () => VersionOf(file, path))
                : null);
        }
        catch (Exception e) when (StoreFault.OfFile(e) is { } fault)
        {
            throw ProviderErrors.StoreFailed(Name, "read", path, fault);
        }
    }

    private async ValueTask<string> PutAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = Locate(path);
        string? temp = null;
        try
        {
            if (condition.IsAbsent && File.Exists(name))
                throw ProviderErrors.StoreConflict(Name, path, condition); // before writing everything in vain
            FolderProbe.Demand(_root, _ownFolder);
            string version;
            using (var file = CreateTemp(Path.GetDirectoryName(name)!, out temp))
                version = await FillAsync(file, content, cancellationToken);
            await PutAsync(temp, name, path, condition, cancellationToken);
            return version;
        }
        catch (Exception e)
        {
            if (temp is not null)
                AtomicFile.TryDelete(temp);
            if (StoreFault.OfFile(e) is { } fault)
                throw ProviderErrors.StoreFailed(Name, "write", path, fault);
            throw;
        }
    }

    private async ValueTask<bool> RemoveAsync(string path, string? version, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = Locate(path);
        try
        {
            if (!File.Exists(name))
                return false;
            if (!await RemoveAsync(name, path, version, cancellationToken))
                return false;
            EmptyFolders.Remove(Path.GetDirectoryName(name)!, _root);
            return true;
        }
        catch (Exception e) when (StoreFault.OfFile(e) is { } fault)
        {
            throw ProviderErrors.StoreFailed(Name, "delete", path, fault);
        }
    }

    // Null if there is no such file; a folder does not count.
    private static FileStream? Open(string name)
    {
        try
        {
            return new(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException
            || (e is IOException or UnauthorizedAccessException && Directory.Exists(name)))
        {
            return null;
        }
    }

    private static async ValueTask<string> FillAsync(FileStream file, Stream content, CancellationToken cancellationToken)
    {
        using var hash = new ContentHash();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int count;
            while ((count = await content.ReadSomeAsync(buffer, 0, cancellationToken)) > 0)
            {
                hash.Add(buffer, count);
                file.Write(buffer, 0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        cancellationToken.ThrowIfCancellationRequested(); // the stream may have ended without checking
        file.Flush(flushToDisk: true);
        return hash.End();
    }

    private FileStream CreateTemp(string folder, out string temp)
    {
        for (var tries = 1; ; tries++)
        {
            temp = TempFiles.NewName(folder);
            try
            {
                Directory.CreateDirectory(folder);
                _tempFiles.Sweep(folder);
                return new(temp, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1);
            }
            catch (IOException) when (tries < FolderTries)
            {
                // Its last object was just deleted, and the folder with it. Other faults persist until the last try.
            }
        }
    }

    private async ValueTask PutAsync(string temp, string name, string path, WriteCondition condition, CancellationToken cancellationToken)
    {
        if (condition.IsAbsent)
            Create(temp, name, path);
        else
        {
            using (condition.IsAlways ? null : await _locks.TakeAsync(path, cancellationToken))
            {
                Demand(condition, name, path);
                AtomicFile.Move(temp, name);
            }
        }
    }

    private void Create(string temp, string name, string path)
    {
        if (AtomicFile.TryCreate(temp, name))
            return;
        throw Directory.Exists(name) ? new IOException($"'{name}' is a folder") : ProviderErrors.StoreConflict(Name, path, WriteCondition.IfAbsent);
    }

    private async ValueTask<bool> RemoveAsync(string name, string path, string? version, CancellationToken cancellationToken)
    {
        using (version is null ? null : await _locks.TakeAsync(path, cancellationToken))
        {
            if (!File.Exists(name))
                return false;
            if (version is not null)
                Demand(WriteCondition.IfVersion(version), name, path);
            File.Delete(name);
            return true;
        }
    }

    private void Demand(WriteCondition condition, string name, string path)
    {
        if (condition.IsAlways)
            return;
        using var file = Open(name);
        if (file is null || ContentHash.Of(file) != condition.Version)
            throw ProviderErrors.StoreConflict(Name, path, condition);
    }

    private string VersionOf(FileStream file, string path)
    {
        try
        {
            var position = file.Position;
            file.Position = 0;
            var version = ContentHash.Of(file);
            file.Position = position;
            return version;
        }
        catch (IOException e) when (StoreFault.OfFile(e) is { } fault)
        {
            throw ProviderErrors.StoreFailed(Name, "read", path, fault);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FoldersIn(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(Path.Combine(_root, StorePath.CheckPrefix(folder))).EnumerateDirectories().Select(item => item.Name)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (StoreFault.OfFile(e) is { } fault)
        {
            throw ProviderErrors.StoreFailed(_root, "list", folder, fault);
        }
    }

    private string Locate(string path) => Path.Combine(_root, StorePath.Check(path).Replace('/', Path.DirectorySeparatorChar));
}
