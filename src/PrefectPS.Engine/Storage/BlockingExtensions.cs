namespace PrefectPS.Storage;

/// <summary>How the engine, which runs on the pipeline's thread, waits for a store.</summary>
public static class BlockingExtensions
{
    /// <summary>Waits for the end of an operation. The pipeline's thread has no synchronization context: to wait on it is safe.</summary>
    public static T Wait<T>(this ValueTask<T> operation)
    {
        if (operation.IsCompletedSuccessfully)
            return operation.Result;
        var call = operation.AsTask();
        StoreNotices.WaitFor(call);
        return call.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Wait{T}(ValueTask{T})"/>
    public static void Wait(this ValueTask operation)
    {
        if (operation.IsCompletedSuccessfully)
            return;
        var call = operation.AsTask();
        StoreNotices.WaitFor(call);
        call.GetAwaiter().GetResult();
    }

    /// <summary>The elements of a sequence, one after the other.</summary>
    internal static IEnumerable<T> Wait<T>(this IAsyncEnumerable<T> sequence)
    {
        var elements = sequence.GetAsyncEnumerator();
        try
        {
            while (elements.MoveNextAsync().Wait())
                yield return elements.Current;
        }
        finally
        {
            elements.DisposeAsync().Wait();
        }
    }
}
