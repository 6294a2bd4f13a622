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
    private readonly Thread _thread;
    private readonly object _ending = new();
    private Runspace? _runspace;

    /// <param name="initial">What the runspace begins with.</param>
    public TaskRunspace(InitialSessionState initial)
    {
        _initial = initial;
        _thread = new(Serve, StackSize) { IsBackground = true, Name = "PrefectPS task" };
        _thread.Start();
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
    public void Dispose()
    {
        lock (_ending)
            _work.CompleteAdding();
    }

    /// <summary>As <see cref="Dispose"/>; wakes what runs there, which was asked to stop and has not, where it sleeps or waits for something.</summary>
    /// <remarks>Of such a wait PowerShell knows nothing. It would go on for as long as it likes, and pwsh would wait for it at its own end.</remarks>
    public void Abandon()
    {
        lock (_ending)
        {
            _work.CompleteAdding();
            _thread.Interrupt();
        }
    }

    private void Serve()
    {
        try
        {
            foreach (var work in _work.GetConsumingEnumerable())
                work(this);
            lock (_ending)
                Thread.Sleep(1); // who ends it is done with that; an interruption that came too late for what ran here ends here
        }
        catch (ThreadInterruptedException)
        {
        }

        _runspace?.Dispose();
        _work.Dispose();
    }
}
