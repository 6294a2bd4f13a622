using System.Runtime.ExceptionServices;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>Runs something on another thread while this thread waits and executes the actions that it posts.</summary>
internal sealed class RunspaceOpening
{
    private readonly WorkQueue<Action> _posted = new();
    private ExceptionDispatchInfo? _error;

    /// <summary>Posts an action to the waiting thread.</summary>
    public void Post(Action action) => _posted.Add(action);

    /// <summary>Runs it on its own thread.</summary>
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

        _posted.Complete();
    }

    /// <summary>Waits for its end; rethrows its exception.</summary>
    public void Wait(CancellationToken stop)
    {
        while (_posted.TryTake(out var action, patience: null, stop))
            action();
        _error?.Throw();
    }
}
