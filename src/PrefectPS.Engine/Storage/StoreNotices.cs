namespace PrefectPS.Storage;

/// <summary>What a store says while it works, to whoever waits for it: that a request is sent again, and why.</summary>
/// <remarks>
/// A store belongs to no flow and no session, so who listens is known by the flow of the calls: the one who listened when a call was made
/// hears what comes of it, on whatever thread.
/// </remarks>
internal static class StoreNotices
{
    private static readonly AsyncLocal<Action<string>?> Listener = new();

    /// <summary>Listens to what the calls that follow say, until it is disposed of.</summary>
    /// <param name="listener">Told each notice, on any thread.</param>
    public static IDisposable Listen(Action<string> listener)
    {
        var before = Listener.Value;
        Listener.Value = listener;
        return new Listening(before);
    }

    /// <summary>Says that a request is sent once more.</summary>
    public static void Retrying(string store, int nextTry, int tries, string reason) =>
        Listener.Value?.Invoke($"The store '{store}' is tried again ({nextTry} of {tries}): {reason}.");

    private sealed class Listening(Action<string>? before) : IDisposable
    {
        public void Dispose() => Listener.Value = before;
    }
}
