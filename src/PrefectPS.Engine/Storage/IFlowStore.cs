namespace PrefectPS.Storage;

/// <summary>Named objects of bytes: a folder, a container, a bucket. Safe for use by several processes at once.</summary>
/// <remarks>Paths are relative, with <c>/</c> between their parts, and have passed <see cref="StorePath.Check"/>.</remarks>
internal interface IFlowStore
{
    /// <summary>What it is called in messages: its folder or address, without credentials.</summary>
    string Name { get; }

    /// <summary>Opens an object for reading, whole and unchanging: later writes are not seen.</summary>
    /// <returns>Its content, or null where there is no such object.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: it cannot be read.</exception>
    ValueTask<Stream?> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>Writes an object, new or in place of the old one. A reader sees the old content or the new, never a part.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: it cannot be written; the old content is kept.</exception>
    ValueTask WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);
}
