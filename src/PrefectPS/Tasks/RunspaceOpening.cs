using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace PrefectPS.Tasks;

/// <summary>Something that runs on another thread while this one waits for it and does what it posts.</summary>
internal sealed class RunspaceOpening
{
    private readonly BlockingCollection<Action> _posted = [];
    private ExceptionDispatchInfo? _error;

    /// <summary>Lets something be done on the thread that waits.</summary>
    public void Post(Action action) => _posted.Add(action);

    /// <summary>Runs it, on its own thread.</summary>
    public void Run(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            _error = ExceptionDispatchInfo.Capture(e);
        }

        _posted.CompleteAdding();
    }

    /// <summary>Waits for its end; throws what it threw.</summary>
    public void Wait(CancellationToken stop)
    {
        foreach (var action in _posted.GetConsumingEnumerable(stop))
            action();
        _error?.Throw();
    }
}
