namespace PrefectPS.Storage;

/// <summary>What every store does in terms of its few operations.</summary>
internal static class FlowStoreExtensions
{
    /// <summary>Writes an object whose content is in memory.</summary>
    /// <inheritdoc cref="IFlowStore.WriteAsync"/>
    public static async ValueTask<string> WriteAsync(
        this IFlowStore store, string path, byte[] content, WriteCondition condition, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(content, writable: false);
        return await store.WriteAsync(path, stream, condition, cancellationToken);
    }

    /// <summary>The content of a small object; null where there is none. Waits on this thread, which has no synchronization context.</summary>
    /// <inheritdoc cref="IFlowStore.ReadAsync"/>
    public static byte[]? ReadAll(this IFlowStore store, string path, CancellationToken cancellationToken)
    {
        return ReadAllAsync().Wait();

        async ValueTask<byte[]?> ReadAllAsync()
        {
            using var found = await store.ReadAsync(path, cancellationToken).ConfigureAwait(false);
            return found is null ? null : await found.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes a small object, whatever is there. Waits on this thread, which has no synchronization context.</summary>
    /// <inheritdoc cref="IFlowStore.WriteAsync"/>
    public static void WriteAll(this IFlowStore store, string path, byte[] content, CancellationToken cancellationToken) =>
        store.WriteAsync(path, content, WriteCondition.Always, cancellationToken).Wait();
}
