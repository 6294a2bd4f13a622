namespace PrefectPS.Storage;

/// <summary>Operations built on those of <see cref="IFlowStore"/>.</summary>
internal static class FlowStoreExtensions
{
    /// <summary>Writes an object from a byte array.</summary>
    /// <inheritdoc cref="IFlowStore.WriteAsync"/>
    public static async ValueTask<string> WriteAsync(
        this IFlowStore store, string path, byte[] content, WriteCondition condition, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(content, writable: false);
        return await store.WriteAsync(path, stream, condition, cancellationToken);
    }

    /// <summary>Reads a small object; null if there is none. Blocks, which is safe on the pipeline thread.</summary>
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

    /// <summary>Writes a small object unconditionally. Blocks, which is safe on the pipeline thread.</summary>
    /// <inheritdoc cref="IFlowStore.WriteAsync"/>
    public static void WriteAll(this IFlowStore store, string path, byte[] content, CancellationToken cancellationToken) =>
        store.WriteAsync(path, content, WriteCondition.Always, cancellationToken).Wait();
}
