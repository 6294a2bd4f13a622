using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;

namespace PrefectPS.Tasks;

/// <summary>A runspace, and the thread that everything in it runs on.</summary>
/// <remarks>A thread of our own, for a process must not wait for a task that would not stop, and a thread that PowerShell makes would keep it.</remarks>
internal sealed class TaskRunspace : IDisposable
{
    private const int StackSize = 10_000_000; // bytes; that of the threads PowerShell makes, for tasks that recurse as deep

    private readonly InitialSessionState _initial;
    private readonly BlockingCollection<Action<TaskRunspace>> _work = [];
    private Runspace? _runspace;

    /// <param name="initial">What the runspace begins with.</param>
    public TaskRunspace(InitialSessionState initial)
    {
        _initial = initial;
        new Thread(Serve, StackSize) { IsBackground = true, Name = "PrefectPS task" }.Start();
    }

    /// <summary>Does something on the runspace's thread, once what was posted before is done.</summary>
    public void Post(Action<TaskRunspace> work) => _work.Add(work);

    /// <summary>Opens the runspace where it is not open yet. To be called on its own thread.</summary>
    public Runspace Open()
    {
        if (_runspace is null)
        {
            _runspace = RunspaceFactory.CreateRunspace(_initial);
            _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
            _runspace.Open();
        }

        return _runspace;
    }

    /// <summary>Lets go of runspace and thread once nothing runs there any more; nobody waits for it.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Serve()
    {
        foreach (var work in _work.GetConsumingEnumerable())
            work(this);
        _runspace?.Dispose();
        _work.Dispose();
    }
}
