namespace PrefectPS.Storage;

/// <summary>Notices of stores, such as retries, for the caller that waits.</summary>
/// <remarks>
/// A store belongs to no flow or session, so the listener follows the asynchronous control flow: whoever listened when a call was made receives its
/// notices.
/// </remarks>
internal static class StoreNotices
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(100);

    private static readonly AsyncLocal<IStoreListener?> Listener = new();

    /// <summary>Subscribes a listener to the notices of calls made until it is disposed.</summary>
    public static IDisposable Listen(IStoreListener listener)
    {
        var before = Listener.Value;
        Listener.Value = listener;
        return new Listening(before);
    }

    /// <summary>Reports that a request is retried.</summary>
    /// <param name="service">The service, as the start of a sentence: <c>The store '…'</c>.</param>
    /// <param name="nextTry">Number of the next try, from 2.</param>
    /// <param name="tries">Maximum number of tries.</param>
    /// <param name="reason">The reason.</param>
    public static void Retrying(string service, int nextTry, int tries, string reason) =>
        Listener.Value?.Hear($"{service} is tried again ({nextTry} of {tries}): {reason}.");

    /// <summary>Blocks until a call has ended, in whatever way, forwarding notices meanwhile.</summary>
    public static void WaitFor(Task call)
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
