namespace PrefectPS.Storage;

/// <summary>Named objects of bytes: a folder, a container, a bucket. Safe for use by several threads and processes at once.</summary>
/// <remarks>
/// <para>Paths are relative, with <c>/</c> between their parts. One that <see cref="StorePath.Check"/> refuses is the error
/// <see cref="FlowErrorId.TargetInvalid"/>, and nothing is done. Where <c>a</c> is an object, none may be named <c>a/b</c>: no folder holds both.</para>
/// <para>A store connects when it is first used, not when it is made. It tries again after faults that pass by themselves, for a while;
/// what is wrong then is <see cref="FlowErrorId.StoreFailed"/>, with the store, the operation and the path, and no secret in it.
/// <see cref="FlowException.IsTransient"/> says whether the same call may succeed later.</para>
/// <para>A call that is cancelled throws <see cref="OperationCanceledException"/>; its write has happened whole or not at all.</para>
/// </remarks>
public interface IFlowStore
{
    /// <summary>What it is called in messages: its folder or address, without credentials.</summary>
    string Name { get; }

    /// <summary>Its address, without credentials: what New-Flow -Store takes to mean the same store.</summary>
    string Address { get; }

    /// <summary>Opens an object for reading, whole and unchanging: later writes are not seen. Its size does not matter to memory.</summary>
    /// <returns>The object, to be disposed of; null where there is none.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: it cannot be read.</exception>
    ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>Writes an object, new or in place of the old one. A reader sees the old content or the new, never a part.</summary>
    /// <param name="path">The object.</param>
    /// <param name="content">Its content, from the stream's position to its end. Its size does not matter to memory.</param>
    /// <param name="condition">
    /// What must be true of the object at the moment it is written. It holds among those who write and delete on a condition: an object
    /// that one of them does so to is for all of them to be treated so.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The version that was written, by which <see cref="StoredObject.Version"/> knows it again.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreConflict"/>: the condition does not hold, and nothing was changed.
    /// <see cref="FlowErrorId.StoreFailed"/>: it cannot be written; the old content is kept.
    /// </exception>
    ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>Deletes an object. To delete what is not there is no error.</summary>
    /// <param name="path">The object.</param>
    /// <param name="version">The version that it must have; null for any.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreConflict"/>: it has another version, and is kept. <see cref="FlowErrorId.StoreFailed"/>: it cannot be deleted.
    /// </exception>
    ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken);

    /// <summary>The objects whose paths begin with a prefix, in ordinal order of their paths. What a write leaves unfinished is not among them.</summary>
    /// <param name="prefix">The beginning of a path, which may end inside a part of it; empty for all objects.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: they cannot be listed.</exception>
    IAsyncEnumerable<StoreEntry> ListAsync(string prefix, CancellationToken cancellationToken);
}
