using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PrefectPS.Processes;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>A runspace, and the thread that everything in it runs on.</summary>
/// <remarks>A thread of our own, for a process must not wait for a task that would not stop, and a thread that PowerShell makes would keep it.</remarks>
internal sealed class TaskRunspace : IDisposable
{
    private const int StackSize = 10_000_000; // bytes; that of the threads PowerShell makes, for tasks that recurse as deep

    private readonly InitialSessionState _initial;
    private readonly Surroundings _surroundings;
    private readonly IReadOnlyList<FlowSetup> _setups;
    private readonly RunspaceHost _host;
    private readonly Dictionary<(string? File, string Text), ScriptBlock> _blocks = [];
    private readonly WorkQueue<Action<TaskRunspace>> _work = new();
    private readonly Thread _thread;
    private readonly object _ending = new();
    private Runspace? _runspace;

    /// <param name="initial">What the runspace begins with.</param>
    /// <param name="surroundings">What the session is like that it is beside.</param>
    /// <param name="setups">What sets it up, in order.</param>
    public TaskRunspace(InitialSessionState initial, Surroundings surroundings, IReadOnlyList<FlowSetup> setups)
    {
        _initial = initial;
        _surroundings = surroundings;
        _setups = setups;
        _host = new(surroundings.Window);
        _thread = new(Serve, StackSize) { IsBackground = true, Name = "PrefectPS task" };
        _thread.Start();
    }

    /// <summary>What the system calls its thread; null where it does not say.</summary>
    public string? NativeThread { get; private set; }

    /// <summary>Does something on the runspace's thread, once what was posted before is done.</summary>
    public void Post(Action<TaskRunspace> work) => _work.Add(work);

    /// <summary>Opens the runspace where it is not open yet, and makes it like the session is now. To be called on its own thread.</summary>
    /// <param name="now">What the session is like now.</param>
    /// <param name="streams">Where goes what is written there from now on.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SetupFailed"/>.</exception>
    public Runspace Open(Surroundings.Moment now, RunspaceStreams streams)
    {
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (now.Culture, now.UICulture);
        _host.Use(now.Culture, now.UICulture);
        _host.Use(now.Window ?? _surroundings.Window);
        if (_runspace is null)
        {
            var runspace = RunspaceFactory.CreateRunspace(_host, _initial);
            runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
            runspace.Open();
            try
            {
                Runspace.DefaultRunspace = runspace; // blocks that are made on this thread are its own, with its language mode
                _surroundings.Furnish(runspace);
                Surroundings.Move(runspace, now.Location);
                foreach (var setup in _setups)
                {
                    var own = streams.Of(setup);
                    _host.Use(own);
                    RunspaceSetup.Run(runspace, setup, own.Connect);
                }

                GlobalPreferences.Place(runspace);
            }
            catch
            {
                runspace.Dispose();
                throw;
            }

            _runspace = runspace;
        }

        _host.Use(streams);
        Surroundings.Furnish(_runspace, now);
        Surroundings.Move(_runspace, now.Location);
        return _runspace;
    }

    /// <summary>A block, made in this runspace once. To be called on its own thread.</summary>
    public ScriptBlock Make(PortableBlock block)
    {
        var key = (block.Block.File, block.Text);
        if (!_blocks.TryGetValue(key, out var made))
            _blocks.Add(key, made = block.Make());
        return made;
    }

    /// <summary>Lets go of runspace and thread once nothing runs there any more; nobody waits for it.</summary>
    public void Dispose()
    {
        lock (_ending)
            _work.Complete();
    }

    /// <summary>As <see cref="Dispose"/>; wakes what runs there, which was asked to stop and has not, where it sleeps or waits for something.</summary>
    /// <remarks>Of such a wait PowerShell knows nothing. It would go on for as long as it likes, and pwsh would wait for it at its own end.</remarks>
    public void Abandon()
    {
        lock (_ending)
        {
            _work.Complete();
            _thread.Interrupt();
        }
    }

    private void Serve()
    {
        NativeThread = ProcessTable.CurrentThread();
        try
        {
            while (_work.TryTake(out var work, patience: null, CancellationToken.None))
                work(this);
            lock (_ending)
                Thread.Sleep(1); // who ends it is done with that; an interruption that came too late for what ran here ends here
        }
        catch (ThreadInterruptedException)
        {
        }

        _runspace?.Dispose();
    }
}
