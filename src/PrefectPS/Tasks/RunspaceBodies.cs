using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Runs bodies in runspaces of their own, which are made when they are needed and used again.</summary>
/// <remarks>
/// The runspaces have the commands that the session's began with, ours, and what the flow's set-up brings; they are like the session in all but its variables
/// and functions, of which they have those of <c>$using:</c>.
/// </remarks>
internal sealed class RunspaceBodies : IDisposable
{
    private readonly InitialSessionState _initial;
    private readonly Lazy<Surroundings> _surroundings;
    private readonly FlowSetup? _setup;
    private readonly ConcurrentDictionary<FlowSetup, ConcurrentBag<TaskRunspace>> _free = new();
    private readonly CountdownEvent _running = new(1); // the pool itself, and each body that has not ended

    /// <param name="session">A cmdlet of the session that they are beside.</param>
    /// <param name="setup">What sets up the runspaces of the outermost flow's tasks, and before their own those of the flows in it.</param>
    public RunspaceBodies(PSCmdlet session, FlowSetup? setup)
    {
        _setup = setup;
        _surroundings = new(() => new(session.SessionState, session.Host));
        _initial = Runspace.DefaultRunspace.InitialSessionState?.Clone() ?? InitialSessionState.CreateDefault();
        _initial.Commands.Add(OwnCommands.Entries);
        _initial.Commands.Add(new SessionStateFunctionEntry(RunspaceCall.Function, RunspaceCall.Definition, ScopedItemOptions.Constant, helpFile: null));
    }

    /// <summary>What the session is like. To be asked first on its own thread.</summary>
    public Surroundings Surroundings => _surroundings.Value;

    /// <summary>Begins to run a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="call">How it is called.</param>
    /// <param name="streams">Where goes what it writes.</param>
    /// <param name="clock">The time.</param>
    /// <param name="explain">What the step makes of its failure.</param>
    /// <param name="ended">Called once when it has ended or was left behind.</param>
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

    /// <summary>Makes a runspace for each set-up, so that what fails in it fails before any body.</summary>
    /// <param name="setups">The set-ups.</param>
    /// <param name="streamsBy">The streams that take what they write, which is posted to the thread that waits.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SetupFailed"/>.</exception>
    public void SetUp(IEnumerable<FlowSetup> setups, Func<Action<Action>, RunspaceStreams> streamsBy, CancellationToken stop)
    {
        foreach (var setup in setups)
        {
            var runspace = Create(setup);
            var now = Surroundings.Now();
            var opening = new RunspaceOpening(); // what still runs after a stop may post
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

    /// <summary>Waits for bodies that were stopped, which end or are left behind, and lets go of the runspaces.</summary>
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

    // One whose task would not stop goes when that ends, and another takes its place.
    private void Return(FlowSetup setup, TaskRunspace runspace, bool isFree)
    {
        if (isFree)
            BagOf(setup).Add(runspace);
        else
            runspace.Abandon();
        _running.Signal();
    }
}
