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
}
