using PrefectPS.Engine.Tests.Support;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>A process of the simulation: a thread that goes on only while the scheduler lets it.</summary>
internal sealed class SimulatedProcess
{
    private readonly SimulatedWorld _world;
    private readonly object _gate = new();
    private readonly Thread? _thread;
    private bool _hasTurn;

    /// <summary>Creates a process that the scheduler runs.</summary>
    /// <param name="world">The simulation.</param>
    /// <param name="name">A letter, by which schedules name it.</param>
    /// <param name="main">What it does; null for one that runs beside the schedule, to look at what that has left.</param>
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

    /// <summary>Whether the scheduler lets it go on at every call.</summary>
    public bool IsFree { get; }

    public ProcessStatus Status { get; set; } = ProcessStatus.Waiting;

    /// <summary>What it is about to do.</summary>
    public StoreCall Next { get; set; } = new("begin", "-");

    /// <summary>What is to become of that.</summary>
    public MoveKind Verdict { get; set; }

    /// <summary>Whether it is inside a timer.</summary>
    public bool IsFiring { get; private set; }

    /// <summary>Whether a call of it was left without an answer.</summary>
    public bool HasMetFault { get; set; }

    /// <summary>An error that no process may end with.</summary>
    public Exception? Crash { get; private set; }

    /// <summary>What it is doing.</summary>
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
