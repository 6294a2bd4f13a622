using PrefectPS.Engine.Tests.Support;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>A simulated process: a thread that runs only while the scheduler lets it.</summary>
internal sealed class SimulatedProcess
{
    private readonly SimulatedWorld _world;
    private readonly object _gate = new();
    private readonly Thread? _thread;
    private bool _hasTurn;

    /// <summary>Creates a process that the scheduler runs.</summary>
    /// <param name="world">The simulation.</param>
    /// <param name="name">Letter of the process in schedules.</param>
    /// <param name="main">The program; null for a process outside the schedule that inspects the outcome.</param>
    public SimulatedProcess(SimulatedWorld world, string name, Action<SimulatedProcess>? main)
    {
        _world = world;
        Name = name;
        Clock = new(world);
        Store = new(world, this);
        IsFree = main is null;
        _thread = main is null ? null : new(() => Run(main), maxStackSize: 1 << 20) { IsBackground = true, Name = name };
    }

    public string Name { get; }

    public SimulatedClock Clock { get; }

    public StoreConnection Store { get; }

    /// <summary>True if the scheduler never stops it.</summary>
    public bool IsFree { get; }

    public ProcessStatus Status { get; set; } = ProcessStatus.Waiting;

    /// <summary>The next call.</summary>
    public StoreCall Next { get; set; } = new("begin", "-");

    /// <summary>The scheduler's decision on that call.</summary>
    public MoveKind Verdict { get; set; }

    /// <summary>True while a timer callback runs.</summary>
    public bool IsFiring { get; private set; }

    /// <summary>True if one of its calls got no response.</summary>
    public bool HasMetFault { get; set; }

    /// <summary>Unexpected error that ended the process.</summary>
    public Exception? Crash { get; private set; }

    /// <summary>The current operation.</summary>
    public Operation? Operation { get; set; }

    public void Start() => _thread?.Start();

    public void Wake()
    {
        lock (_gate)
        {
            _hasTurn = true;
            Monitor.Pulse(_gate);
        }
    }

    public void AwaitTurn()
    {
        lock (_gate)
        {
            while (!_hasTurn)
                Monitor.Wait(_gate);
            _hasTurn = false;
        }
    }

    public void Join()
    {
        if (_thread?.Join(TimeSpan.FromSeconds(30)) == false)
            throw new InvalidOperationException($"Process {Name} does not end; it is at {Next}.");
    }

    public void FireTimers()
    {
        IsFiring = true;
        try
        {
            Clock.Fire();
        }
        finally
        {
            IsFiring = false;
        }
    }

    private void Run(Action<SimulatedProcess> main)
    {
        AwaitTurn();
        try
        {
            if (!_world.IsOver)
                main(this);
        }
        catch (ProcessKilledException)
        {
        }
        catch (Exception e)
        {
            Crash = e;
        }

        _world.End(this);
    }
}
