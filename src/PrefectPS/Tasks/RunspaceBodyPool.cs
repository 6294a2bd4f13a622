using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>Runs script-block tasks in runspaces of their own, which are made when they are needed and used again.</summary>
/// <remarks>
/// The runspaces have the commands that the caller's began with, ours, and what the flow's set-up brings; they are like the session in all but its variables
/// and functions, of which they have those of <c>$using:</c>.
/// </remarks>
internal sealed class RunspaceBodyPool : IBodyPool, IDisposable
{
    private readonly PSCmdlet _caller;
    private readonly CallerStreams _streams;
    private readonly StepSession _session;
    private readonly IStepNotices _notices;
    private readonly InitialSessionState _initial;
    private readonly Lazy<Surroundings> _surroundings;
    private readonly FlowSetup? _setup;
    private readonly ConcurrentDictionary<FlowSetup, ConcurrentBag<TaskRunspace>> _free = new();
    private readonly HashSet<ITaskBody> _known = [];
    private readonly CountdownEvent _running = new(1); // the pool itself, and each body that has not ended

    /// <param name="caller">The cmdlet that runs the step.</param>
    /// <param name="streams">Its streams.</param>
    /// <param name="session">Its session.</param>
    /// <param name="notices">Told of variables that a body does not find.</param>
    /// <param name="setup">What sets up the runspaces of the outermost flow's tasks, and before their own those of the flows in it.</param>
    public RunspaceBodyPool(PSCmdlet caller, CallerStreams streams, StepSession session, IStepNotices notices, FlowSetup? setup)
    {
        _caller = caller;
        _streams = streams;
        _session = session;
        _notices = notices;
        _setup = setup;
        _surroundings = new(() => new(caller.SessionState, caller.Host));
        _initial = Runspace.DefaultRunspace.InitialSessionState?.Clone() ?? InitialSessionState.CreateDefault();
        _initial.Commands.Add(OwnCommands.Entries);
        _initial.Commands.Add(new SessionStateFunctionEntry(RunspaceCall.Function, RunspaceCall.Definition, ScopedItemOptions.Constant, helpFile: null));
    }

    public IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended)
    {
        var body = (ScriptBlockBody)task.Body!;
        var now = _surroundings.Value.Now();
        var streams = new RunspaceStreams(_streams, context.Output, _caller.WriteProgress, post);
        var call = new RunspaceCall
        {
            Block = body.Portable,
            Arguments = body.Choose(arguments),
            ErrorAction = body.Settings.ErrorAction,
            Variables = [.. now.Preferences, .. VariablesOf(body)],
            StrictMode = _surroundings.Value.StrictMode,
            Now = now,
            Context = context,
            Suspects = _known.Add(body) ? SuspectsOf(body) : [],
            Missing = name => post(() => _notices.Warn(ModuleTexts.CallerVariableNotSeen(task.Slug, name))),
        };
        var shell = PowerShell.Create();
        streams.Connect(shell.Streams);
        _running.AddCount();
        var setup = body.Settings.Setup ?? FlowSetup.None;
        var run = new RunspaceBody(
            shell, target => call.Prepare(shell, target, streams), error => Explain(body, error), (runspace, isFree) => Return(setup, runspace, isFree), ended);
        run.Start(BagOf(setup).TryTake(out var free) ? free : Create(setup));
        return run;
    }

    /// <summary>Makes a runspace for each set-up, so that what fails in it fails before any body.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SetupFailed"/>.</exception>
    public void SetUp(IEnumerable<FlowSetup> setups, CancellationToken stop)
    {
        foreach (var setup in setups)
        {
            var runspace = Create(setup);
            var now = _surroundings.Value.Now();
            var opening = new RunspaceOpening(); // what still runs after a stop may post
            var streams = new RunspaceStreams(_streams, task: null, _caller.WriteProgress, opening.Post);
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

    private TaskRunspace Create(FlowSetup setup) => new(_initial, _surroundings.Value, [.. new[] { _setup, setup }.OfType<FlowSetup>().Distinct()]);

    private ConcurrentBag<TaskRunspace> BagOf(FlowSetup setup) => _free.GetOrAdd(setup, _ => []);

    private IEnumerable<KeyValuePair<string, object?>> VariablesOf(ScriptBlockBody body)
    {
        var block = body.Portable;
        var usings = block.ReadUsings((string name, out object? value) => TryFind(body, name, out value));
        return block.IsClosure ? usings.Concat(ClosureOf(block)) : usings;
    }

    // A closure has taken its variables along by itself, and so it does here.
    private IEnumerable<KeyValuePair<string, object?>> ClosureOf(PortableBlock block) =>
        from name in block.Reads
        let own = block.Block.Module!.SessionState.PSVariable.Get(name)
        where own is not null && own != _caller.SessionState.PSVariable.Get($"global:{name}")
        select new KeyValuePair<string, object?>(name, own.Value);

    private IReadOnlyList<string> SuspectsOf(ScriptBlockBody body) =>
        body.Portable.IsClosure ? [] : [.. body.Portable.Reads.Where(name => TryFind(body, name, out _))];

    private bool TryFind(ScriptBlockBody body, string name, out object? value) => body.Block.Module is { } module
        ? CallerVariables.TryFind(module.SessionState, name, out value)
        : _session.TryFind(name, body.Definition, out value);

    // "Not recognized" is a riddle for who sees the function in the same script.
    private TaskFailedException Explain(ScriptBlockBody body, TaskFailedException failed) =>
        failed.Error.Exception is CommandNotFoundException { CommandName: { Length: > 0 } name } && CallerHas(body, name)
            ? new(failed.Error with { Message = $"{failed.Error.Message} {ModuleTexts.CallerFunctionNotSeen(name)}" }, failed.InnerException)
            : failed;

    private bool CallerHas(ScriptBlockBody body, string name)
    {
        var session = body.Block.Module?.SessionState ?? _caller.SessionState;
        var path = WildcardPattern.Escape(name);
        return body.Definition?.Functions.ContainsKey(name) == true
            || session.InvokeProvider.Item.Exists($"Function:{path}") || session.InvokeProvider.Item.Exists($"Alias:{path}");
    }

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
