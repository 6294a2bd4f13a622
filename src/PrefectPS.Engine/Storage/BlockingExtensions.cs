namespace PrefectPS.Storage;

/// <summary>Blocks on asynchronous store calls from the pipeline thread.</summary>
public static class BlockingExtensions
{
    /// <summary>Blocks until an operation has ended. Safe on the pipeline thread, which has no synchronization context.</summary>
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

    /// <summary>Enumerates an asynchronous sequence, blocking for each element.</summary>
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
