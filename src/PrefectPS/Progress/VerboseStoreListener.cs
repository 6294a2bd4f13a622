using System.Collections.Concurrent;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Progress;

/// <summary>Forwards store retry notices to the verbose stream of a cmdlet.</summary>
internal sealed class VerboseStoreListener : IStoreListener, IDisposable
{
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly Action<string> _verbose;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly IDisposable _listening;

    /// <summary>Listens until disposed.</summary>
    /// <param name="verbose">Writes to the verbose stream of the cmdlet on the current thread.</param>
    public VerboseStoreListener(Action<string> verbose)
    {
        _verbose = verbose;
        _listening = StoreNotices.Listen(this);
    }

    public void Hear(string notice) => _heard.Enqueue(notice);

    public void Speak()
    {
        // Only the cmdlet's thread may write to its streams.
        while (Environment.CurrentManagedThreadId == _thread && _heard.TryDequeue(out var notice))
            _verbose(TerminalText.Of(notice));
    }

    public void Dispose() => _listening.Dispose();
}
