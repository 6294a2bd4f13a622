using System.Collections.Concurrent;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Progress;

/// <summary>Says on a cmdlet's verbose stream what stores say while it waits for them.</summary>
internal sealed class StoreVoice : IStoreListener, IDisposable
{
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly Action<string> _verbose;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly IDisposable _listening;

    /// <summary>Listens until it is disposed of.</summary>
    /// <param name="verbose">Writes on the verbose stream of the cmdlet on whose thread this is called.</param>
    public StoreVoice(Action<string> verbose)
    {
        _verbose = verbose;
        _listening = StoreNotices.Listen(this);
    }

    public void Hear(string notice) => _heard.Enqueue(notice);

    public void Speak()
    {
        // No other thread may write to the cmdlet's streams.
        while (Environment.CurrentManagedThreadId == _thread && _heard.TryDequeue(out var notice))
            _verbose(TerminalText.Of(notice));
    }

    public void Dispose() => _listening.Dispose();
}
