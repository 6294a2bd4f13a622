using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Access to the small objects of run records in a store.</summary>
public sealed class RunFiles(IFlowStore store)
{
    /// <summary>The store.</summary>
    internal IFlowStore Store => store;

    /// <summary>Default durability: a write per task would be too expensive for a remote store.</summary>
    internal FlowDurability UsualDurability => store is RemoteStore ? FlowDurability.Batch : FlowDurability.Task;

    /// <summary>Reads a whole object; null if none.</summary>
    internal (byte[] Content, string Version)? Read(string path)
    {
        using var found = store.ReadAsync(path, CancellationToken.None).Wait();
        return found is null ? null : (found.ReadAllAsync(CancellationToken.None).Wait(), found.Version);
    }

    /// <summary>
    /// Writes an object whose content is unique to this writer. If the response is lost or reports a conflict, the object is read to see whether it is
    /// ours.
    /// </summary>
    /// <returns>The object's version.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/> or <see cref="FlowErrorId.StoreFailed"/>.</exception>
    internal string WriteOwn(string path, byte[] content, WriteCondition condition)
    {
        try
        {
            return store.WriteAsync(path, content, condition, CancellationToken.None).Wait();
        }
        catch (FlowException e) when (e.Id is FlowErrorId.StoreFailed or FlowErrorId.StoreConflict)
        {
            if (TryRead(path) is { } found && found.Content.AsSpan().SequenceEqual(content))
                return found.Version;
            throw;
        }
    }

    /// <summary>Writes an object like <see cref="WriteOwn"/>, if it still has the version seen; null means that it must not exist.</summary>
    /// <returns>The object's version; null if it has changed since.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    internal string? TryWriteOwn(string path, byte[] content, string? seen)
    {
        try
        {
            return WriteOwn(path, content, WriteCondition.IfUnchanged(seen));
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict)
        {
            return null;
        }
    }

    /// <summary>Writes an object unconditionally.</summary>
    internal void Write(string path, byte[] content) => store.WriteAsync(path, content, WriteCondition.Always, CancellationToken.None).Wait();

    /// <summary>Deletes an object unconditionally.</summary>
    internal void Delete(string path) => store.DeleteAsync(path, version: null, CancellationToken.None).Wait();

    /// <summary>Deletes an object if it has this version.</summary>
    /// <returns>False if it has another version and was kept.</returns>
    internal bool TryDelete(string path, string version) => DeleteSeen(path, version) is not null;

    /// <summary>Deletes an object if it has the version seen.</summary>
    /// <returns>Whether it existed; null if it has another version and was kept.</returns>
    internal bool? DeleteSeen(string path, string version)
    {
        try
        {
            return store.DeleteAsync(path, version, CancellationToken.None).Wait();
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict)
        {
            return null;
        }
    }

    /// <summary>Version of an object; null if none.</summary>
    internal string? VersionOf(string path)
    {
        using var found = store.ReadAsync(path, CancellationToken.None).Wait();
        return found?.Version;
    }

    /// <summary>Deletes obsolete objects, best effort: leftovers do no harm.</summary>
    internal void TryDelete(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            try
            {
                Delete(path);
            }
            catch (FlowException e) when (e.Id == FlowErrorId.StoreFailed)
            {
                return; // the others would fail too
            }
        }
    }

    /// <summary>Lists objects by path prefix, in order.</summary>
    internal IReadOnlyList<StoreEntry> List(string prefix) => [.. store.ListAsync(prefix, CancellationToken.None).Wait()];

    private (byte[] Content, string Version)? TryRead(string path)
    {
        try
        {
            return Read(path);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreFailed)
        {
            return null;
        }
    }
}
