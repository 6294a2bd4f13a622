using System.Runtime.CompilerServices;

namespace PrefectPS.Storage;

/// <summary>Sequences that are at hand, for those who wait for each element.</summary>
internal static class AsyncSequence
{
    /// <summary>The same elements, each there at once.</summary>
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
