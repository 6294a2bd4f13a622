using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>The small objects that run records are made of, in a store.</summary>
public sealed class RunFiles(IFlowStore store)
{
    /// <summary>The store.</summary>
    internal IFlowStore Store => store;

    /// <summary>What a step keeps of its progress unless it is told: a request for each task would cost a store behind a network too much.</summary>
    internal FlowDurability UsualDurability => store is RemoteStore ? FlowDurability.Batch : FlowDurability.Task;

    /// <summary>Reads an object whole; null where there is none.</summary>
    internal (byte[] Content, string Version)? Read(string path)
    {
        using var found = store.ReadAsync(path, CancellationToken.None).Wait();
        return found is null ? null : (found.ReadAllAsync(CancellationToken.None).Wait(), found.Version);
    }

    /// <summary>
    /// Writes an object that nobody else writes with the same content. Where the answer to the write is lost, or says that someone else has
    /// written the object, it is read to see whether that was us.
    /// </summary>
    /// <returns>Its version.</returns>
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

    /// <summary>Writes an object as <see cref="WriteOwn"/> does, if it is as it was seen: of this version, or not there for null.</summary>
    /// <returns>Its version; null where it has changed since.</returns>
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

    /// <summary>Writes an object in place of whatever is there.</summary>
    internal void Write(string path, byte[] content) => store.WriteAsync(path, content, WriteCondition.Always, CancellationToken.None).Wait();

    /// <summary>Deletes an object, whatever its version.</summary>
    internal void Delete(string path) => store.DeleteAsync(path, version: null, CancellationToken.None).Wait();

    /// <summary>Deletes an object of a version, if it is there.</summary>
    /// <returns>False where it has another version; it was left as it is.</returns>
    internal bool TryDelete(string path, string version) => DeleteSeen(path, version) is not null;

    /// <summary>Deletes an object as it was seen.</summary>
    /// <returns>Whether it was there; null where it has another version, and was left as it is.</returns>
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

    /// <summary>The version of an object; null where there is none.</summary>
    internal string? VersionOf(string path)
    {
        using var found = store.ReadAsync(path, CancellationToken.None).Wait();
        return found?.Version;
    }

    /// <summary>Deletes objects that nothing depends on any more: one that stays does no harm.</summary>
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
                return; // the others would fare no better
            }
        }
    }

    /// <summary>The objects whose paths begin with a prefix, in order.</summary>
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
