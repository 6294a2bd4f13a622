namespace PrefectPS.Storage;

/// <summary>How the engine, which runs on the pipeline's thread, waits for a store.</summary>
internal static class BlockingExtensions
{
    /// <summary>Waits for the end of an operation. The pipeline's thread has no synchronization context: to wait on it is safe.</summary>
    public static T Wait<T>(this ValueTask<T> operation) =>
        operation.IsCompletedSuccessfully ? operation.Result : operation.AsTask().GetAwaiter().GetResult();

    /// <summary>The elements of a sequence, one after the other.</summary>
    public static IEnumerable<T> Wait<T>(this IAsyncEnumerable<T> sequence)
    {
        var elements = sequence.GetAsyncEnumerator();
        try
        {
            while (elements.MoveNextAsync().Wait())
                yield return elements.Current;
        }
        finally
        {
            elements.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
