namespace PrefectPS.Storage;

/// <summary>Tells whoever waits for a store or channel that it retries a request, and why.</summary>
/// <remarks>
/// A store belongs to no flow and no session. The listener is therefore ambient: the one that was set when a call was made hears the notices of that call.
/// </remarks>
public static class StoreNotices
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(100);

    private static readonly AsyncLocal<IStoreListener?> Listener = new();

    /// <summary>Sets the listener of the calls that follow, until the result is disposed.</summary>
    public static IDisposable Listen(IStoreListener listener)
    {
        var before = Listener.Value;
        Listener.Value = listener;
        return new Listening(before);
    }

    /// <summary>Tells that a request is about to be retried.</summary>
    /// <param name="service">What is retried, as a sentence begins: <c>The store '…'</c>.</param>
    /// <param name="nextTry">The number of the next try, from 2.</param>
    /// <param name="tries">The largest number of tries.</param>
    /// <param name="reason">Why.</param>
    public static void Retrying(string service, int nextTry, int tries, string reason) =>
        Listener.Value?.Hear($"{service} is tried again ({nextTry} of {tries}): {reason}.");

    /// <summary>Waits until a call has ended, in whatever way, and lets the listener speak meanwhile.</summary>
    internal static void WaitFor(Task call)
    {
        if (Listener.Value is not { } listener)
            return;
        while (Task.WaitAny([call], LongestRest) < 0)
            listener.Speak();
        listener.Speak();
    }

    private sealed class Listening(IStoreListener? before) : IDisposable
    {
        public void Dispose() => Listener.Value = before;
    }
}
