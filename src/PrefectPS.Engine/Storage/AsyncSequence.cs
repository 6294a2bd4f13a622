using System.Runtime.CompilerServices;

namespace PrefectPS.Storage;

/// <summary>Adapts sequences to <see cref="IAsyncEnumerable{T}"/>.</summary>
internal static class AsyncSequence
{
    /// <summary>Returns the elements as an asynchronous sequence.</summary>
    public static async IAsyncEnumerable<T> AsAsync<T>(this IEnumerable<T> source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await default(ValueTask);
        foreach (var element in source)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return element;
        }
    }
}
