namespace PrefectPS.Storage;

/// <summary>Conditional writes whose outcome is known even if the response is lost.</summary>
internal static class OwnWrite
{
    /// <summary>Writes an object conditionally. If the response is lost or reports a conflict, the object is read to see whether it has our content.</summary>
    /// <param name="store">The store.</param>
    /// <param name="path">The object.</param>
    /// <param name="content">The content, from the stream's position to its end; the stream is seekable, and rewound if nothing was written.</param>
    /// <param name="condition">Condition on the object.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>True if the object has this content; false if another was first, and nothing was changed.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static bool TryWrite(this IFlowStore store, string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        var start = content.Position;
        try
        {
            store.WriteAsync(path, content, condition, cancellationToken).Wait();
            return true;
        }
        catch (FlowException e) when (e.Id is FlowErrorId.StoreConflict or FlowErrorId.StoreFailed)
        {
            if (HasContent(store, path, content, start, cancellationToken))
                return true;
            if (e.Id == FlowErrorId.StoreFailed)
                throw;
            content.Position = start;
            return false;
        }
    }

    private static bool HasContent(IFlowStore store, string path, Stream content, long start, CancellationToken cancellationToken)
    {
        try
        {
            using var found = store.ReadAsync(path, cancellationToken).Wait();
            content.Position = start;
            return found?.Length == content.Length - start && found.Content.HasSameBytes(content);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreFailed)
        {
            return false;
        }
    }
}
