using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PrefectPS.Processes;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>A runspace, and the thread that everything in it runs on.</summary>
/// <remarks>A separate background thread, because a thread of PowerShell would keep the process alive for a task that does not stop.</remarks>
internal sealed class TaskRunspace : IDisposable
{
    private const int StackSize = 10_000_000; // bytes; the size that PowerShell uses, so that tasks can recurse as deeply

    private readonly InitialSessionState _initial;
    private readonly Surroundings _surroundings;
    private readonly IReadOnlyList<FlowSetup> _setups;
    private readonly RunspaceHost _host;
    private readonly Dictionary<(string? File, string Text), ScriptBlock> _blocks = [];
    private readonly WorkQueue<Action<TaskRunspace>> _work = new();
    private readonly Thread _thread;
    private readonly object _ending = new();
    private Runspace? _runspace;

    /// <param name="initial">The initial session state.</param>
    /// <param name="surroundings">The session's environment.</param>
    /// <param name="setups">The setups, in order.</param>
    public TaskRunspace(InitialSessionState initial, Surroundings surroundings, IReadOnlyList<FlowSetup> setups)
    {
        _initial = initial;
        _surroundings = surroundings;
        _setups = setups;
        _host = new(surroundings.Window);
        _thread = new(Serve, StackSize) { IsBackground = true, Name = "PrefectPS task" };
        _thread.Start();
    }

    /// <summary>The system's name of its thread; null if unknown.</summary>
    public string? NativeThread { get; private set; }

    /// <summary>Queues an action for the runspace's thread.</summary>
    public void Post(Action<TaskRunspace> work) => _work.Add(work);

    /// <summary>Opens the runspace if necessary, and applies the session's current environment. Call on its own thread.</summary>
    /// <param name="now">The session's current settings.</param>
    /// <param name="streams">Receives its output from now on.</param>
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
                Runspace.DefaultRunspace = runspace; // blocks that are created on this thread belong to it and have its language mode
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

    /// <summary>A block, created once in this runspace. Call on its own thread.</summary>
    public ScriptBlock Make(PortableBlock block)
    {
        var key = (block.Block.File, block.Text);
        if (!_blocks.TryGetValue(key, out var made))
            _blocks.Add(key, made = block.Make());
        return made;
    }

    /// <summary>Releases runspace and thread when nothing runs there any more, without waiting.</summary>
    public void Dispose()
    {
        lock (_ending)
            _work.Complete();
    }

    /// <summary>Like <see cref="Dispose"/>, but also interrupts a task that did not stop and is sleeping or waiting.</summary>
    /// <remarks>PowerShell cannot stop such a wait, and pwsh would wait for it at exit.</remarks>
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
                Thread.Sleep(1); // consumes an interruption that came too late for the task
        }
        catch (ThreadInterruptedException)
        {
        }

        _runspace?.Dispose();
    }
}
