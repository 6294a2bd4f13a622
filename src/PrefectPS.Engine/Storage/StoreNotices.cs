namespace PrefectPS.Storage;

/// <summary>What a store says while it works, to whoever waits for it: that a request is sent again, and why.</summary>
/// <remarks>
/// A store belongs to no flow and no session, so who listens is known by the flow of the calls: the one who listened when a call was made
/// hears what comes of it.
/// </remarks>
public static class StoreNotices
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(100);

    private static readonly AsyncLocal<IStoreListener?> Listener = new();

    /// <summary>Lets someone hear what the calls that follow say, until it is disposed of.</summary>
    public static IDisposable Listen(IStoreListener listener)
    {
        var before = Listener.Value;
        Listener.Value = listener;
        return new Listening(before);
    }

    /// <summary>Says that a request is sent once more.</summary>
    /// <param name="service">What is tried again, as a sentence begins: <c>The store '…'</c>.</param>
    /// <param name="nextTry">The number of the try, from 2.</param>
    /// <param name="tries">How many there are at most.</param>
    /// <param name="reason">Why.</param>
    public static void Retrying(string service, int nextTry, int tries, string reason) =>
        Listener.Value?.Hear($"{service} is tried again ({nextTry} of {tries}): {reason}.");

    /// <summary>Waits for the end of a call, however it ends; who listens can speak meanwhile.</summary>
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
