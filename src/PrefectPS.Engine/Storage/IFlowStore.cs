namespace PrefectPS.Storage;

/// <summary>A store: named objects of bytes, in a folder, a container, a bucket or a database.</summary>
/// <remarks>
/// <para>Implement it to keep runs and results where PrefectPS cannot by itself, and give the store to <c>New-FlowStore -Provider</c>. The package PrefectPS.Contracts has this
/// contract as tests; docs/providers.md begins there. A store that can do so also implements <see cref="IFolderLister"/>, and one without network calls
/// <see cref="ILocalStore"/>.</para>
/// <para><b>Concurrency.</b> Several threads and processes use a store at once, also the same object of it. Leases and the journals of runs rely on conditional writes: whether a
/// condition holds is decided where the object is, in the same step as the write.</para>
/// <para><b>Paths</b> are relative, with <c>/</c> between their parts, and are told apart by case. Pass each one through <see cref="StorePath.Check"/>, and each prefix
/// through <see cref="StorePath.CheckPrefix"/>: they throw <see cref="FlowErrorId.TargetInvalid"/> for what is no path, and return the rest in its one form. If <c>a</c> is an
/// object, no caller writes <c>a/b</c>, since a file system cannot hold both.</para>
/// <para><b>Connections.</b> The constructor does not connect; the first call does.</para>
/// <para><b>Errors.</b> Faults that pass by themselves are retried for a while (<see cref="StoreNotices.Retrying"/> tells the user). What remains is thrown as
/// <see cref="ProviderErrors.StoreFailed"/>, with the operation and the path, without secrets, and with <see cref="StoreFault.IsTransient"/> true if
/// the same call may succeed later. No call waits for ever. An exception that <c>content</c> throws while it is read is passed on as it is.</para>
/// <para><b>Cancellation.</b> A cancelled call throws <see cref="OperationCanceledException"/>. Its write has happened completely or not at all.</para>
/// </remarks>
public interface IFlowStore
{
    /// <summary>The name in messages: a folder or an address, without credentials.</summary>
    string Name { get; }

    /// <summary>The address, without credentials. Two stores with the same address are the same store, in this process and in others.</summary>
    string Address { get; }

    /// <summary>Opens an object for reading. The reader sees it as it is now, whatever is written later. Large objects are streamed, not held in memory.</summary>
    /// <param name="path">The object.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The object, which the caller disposes; null if there is none.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: it cannot be read.</exception>
    ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>Creates or replaces an object. A reader sees the old content or the new, never a part. Large contents are streamed, not held in memory.</summary>
    /// <param name="path">The object.</param>
    /// <param name="content">The content, from the position of the stream to its end. The stream may be unable to seek.</param>
    /// <param name="condition">
    /// What must be true of the object when it is written. Callers that write an object on conditions only ever write and delete it so; an unconditional write need not respect
    /// the conditions of others.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The version that was written, equal to <see cref="StoredObject.Version"/> of a later read. No two contents of an object have the same version.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreConflict"/> (<see cref="ProviderErrors.StoreConflict"/>): the condition does not hold, and nothing was changed. A write whose answer was lost,
    /// and which then meets its own content, is no conflict.
    /// <see cref="FlowErrorId.StoreFailed"/>: it cannot be written; the old content is kept.
    /// </exception>
    ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>Deletes an object, if it is there.</summary>
    /// <param name="path">The object.</param>
    /// <param name="version">The version that it must have; null for any.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was one. No version is a conflict with an object that is not there.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreConflict"/>: it has another version, and is kept. <see cref="FlowErrorId.StoreFailed"/>: it cannot be deleted.
    /// </exception>
    ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken);

    /// <summary>
    /// Lists the objects whose paths begin with a prefix, in ordinal order of their paths. Unfinished writes are not listed, and what was written before the call is.
    /// </summary>
    /// <param name="prefix">The beginning of a path. It may end inside a part; empty for all objects.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: they cannot be listed.</exception>
    IAsyncEnumerable<StoreEntry> ListAsync(string prefix, CancellationToken cancellationToken);
}
