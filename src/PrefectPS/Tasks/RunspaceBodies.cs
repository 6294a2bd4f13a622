using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Runs bodies in separate runspaces, which are created on demand and reused.</summary>
/// <remarks>
/// The runspaces have the session's initial commands, ours, and those of the flow's setup; they are like the session except for its variables
/// and functions, of which they only have the <c>$using:</c> variables.
/// </remarks>
internal sealed class RunspaceBodies : IDisposable
{
    private readonly InitialSessionState _initial;
    private readonly Lazy<Surroundings> _surroundings;
    private readonly FlowSetup? _setup;
    private readonly ConcurrentDictionary<FlowSetup, ConcurrentBag<TaskRunspace>> _free = new();
    private readonly CountdownEvent _running = new(1); // the pool itself, and each body that has not ended

    /// <param name="session">A cmdlet of the session.</param>
    /// <param name="setup">The setup of the outermost flow, which also runs before the setups of its subflows.</param>
    public RunspaceBodies(PSCmdlet session, FlowSetup? setup)
    {
        _setup = setup;
        _surroundings = new(() => new(session.SessionState, session.Host));
        _initial = Runspace.DefaultRunspace.InitialSessionState?.Clone() ?? InitialSessionState.CreateDefault();
        _initial.Commands.Add(OwnCommands.Entries);
        _initial.Commands.Add(new SessionStateFunctionEntry(RunspaceCall.Function, RunspaceCall.Definition, ScopedItemOptions.Constant, helpFile: null));
    }

    /// <summary>The session's environment; first read on its own thread.</summary>
    public Surroundings Surroundings => _surroundings.Value;

    /// <summary>Begins to run a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="call">How the body is called.</param>
    /// <param name="streams">Receives its output.</param>
    /// <param name="clock">The time.</param>
    /// <param name="explain">Converts its failure.</param>
    /// <param name="ended">Called once when it has ended or was abandoned.</param>
    public RunspaceBody Start(
        ScriptBlockBody body, RunspaceCall call, RunspaceStreams streams, TimeProvider clock, Func<TaskFailedException, TaskFailedException> explain, Action ended)
    {
        var shell = PowerShell.Create();
        streams.Connect(shell.Streams);
        _running.AddCount();
        var setup = body.Settings.Setup ?? FlowSetup.None;
        var run = new RunspaceBody(
            shell, target => call.Prepare(shell, target, streams), explain, (runspace, isFree) => Return(setup, runspace, isFree), ended)
        { Begun = clock.GetUtcNow() };
        run.Start(BagOf(setup).TryTake(out var free) ? free : Create(setup));
        return run;
    }

    /// <summary>Creates a runspace for each setup, so that a failing setup fails before any body.</summary>
    /// <param name="setups">The setups.</param>
    /// <param name="streamsBy">The streams for their output, which is posted to the waiting thread.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SetupFailed"/>.</exception>
    public void SetUp(IEnumerable<FlowSetup> setups, Func<Action<Action>, RunspaceStreams> streamsBy, CancellationToken stop)
    {
        foreach (var setup in setups)
        {
            var runspace = Create(setup);
            var now = Surroundings.Now();
            var opening = new RunspaceOpening(); // setups that still run after a stop may post
            var streams = streamsBy(opening.Post);
            runspace.Post(target => opening.Run(() => target.Open(now, streams)));
            try
            {
                opening.Wait(stop);
                BagOf(setup).Add(runspace);
            }
            catch
            {
                runspace.Abandon();
                throw;
            }
        }
    }

    /// <summary>Waits until stopped bodies have ended or were abandoned, and releases the runspaces.</summary>
    public void Dispose()
    {
        _running.Signal();
        _running.Wait();
        _running.Dispose();
        foreach (var bag in _free.Values)
        {
            while (bag.TryTake(out var runspace))
                runspace.Dispose();
        }
    }

    private TaskRunspace Create(FlowSetup setup) => new(_initial, Surroundings, [.. new[] { _setup, setup }.OfType<FlowSetup>().Distinct()]);

    private ConcurrentBag<TaskRunspace> BagOf(FlowSetup setup) => _free.GetOrAdd(setup, _ => []);

    // A runspace whose task does not stop is closed when the task ends, and is replaced.
    private void Return(FlowSetup setup, TaskRunspace runspace, bool isFree)
    {
        if (isFree)
            BagOf(setup).Add(runspace);
        else
            runspace.Abandon();
        _running.Signal();
    }
}
