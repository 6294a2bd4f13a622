using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>Runs script-block tasks in runspaces of their own, which are made when they are needed and used again.</summary>
/// <remarks>The runspaces have the commands that the caller's began with, and ours; they share no variables with the caller's but those of <c>$using:</c>.</remarks>
internal sealed class RunspaceBodyPool : IBodyPool, IDisposable
{
    // A process must not wait for a task that would not stop. (Its language may be constrained; then it does.)
    private const string GiveWay = "try { [Threading.Thread]::CurrentThread.IsBackground = $true } catch { }";

    private const string Call = $$"""
        param($__text, $__arguments, $__errorAction, $__usings, $FlowContext)
        {{GiveWay}}
        $ErrorActionPreference = 'Stop'
        $PSNativeCommandUseErrorActionPreference = $true
        foreach ($__using in $__usings.GetEnumerator()) { $ExecutionContext.SessionState.PSVariable.Set($__using.Key, $__using.Value) }
        $__block = [scriptblock]::Create($__text)
        {{Splatting.GuardedCall}}
        """;

    private readonly PSCmdlet _caller;
    private readonly InitialSessionState _initial;
    private readonly ConcurrentBag<Runspace> _free = [];
    private readonly ConcurrentDictionary<ITaskBody, PortableBlock> _blocks = new();
    private readonly CountdownEvent _running = new(1); // the pool itself, and each body that has not ended

    public RunspaceBodyPool(PSCmdlet caller)
    {
        _caller = caller;
        _initial = Runspace.DefaultRunspace.InitialSessionState?.Clone() ?? InitialSessionState.CreateDefault();
        _initial.Commands.Add(OwnCommands.Entries);
    }

    public IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended)
    {
        var body = (ScriptBlockBody)task.Body!;
        var block = _blocks.GetOrAdd(body, _ => new PortableBlock(body.Block));
        var shell = PowerShell.Create();
        shell.AddScript(Call, useLocalScope: true)
            .AddArgument(block.Text).AddArgument(body.Choose(arguments)).AddArgument(body.Settings.ErrorAction)
            .AddArgument(block.ReadUsings(_caller.SessionState)).AddArgument(context);
        new RunspaceStreams(_caller, task.Slug, post).Connect(shell.Streams);
        _running.AddCount();
        var run = new RunspaceBody(shell, block.Block.File, Return, ended);
        if (_free.TryTake(out var free))
            run.Start(free);
        else
            run.Start(Make);
        return run;
    }

    /// <summary>Waits for bodies that were stopped, which end or are left behind, and lets go of the runspaces.</summary>
    public void Dispose()
    {
        _running.Signal();
        _running.Wait();
        _running.Dispose();
        while (_free.TryTake(out var runspace))
            ThreadPool.QueueUserWorkItem(_ => runspace.Dispose()); // nobody waits for it
    }

    private Runspace Make()
    {
        var made = RunspaceFactory.CreateRunspace(_initial);
        made.ThreadOptions = PSThreadOptions.ReuseThread;
        made.Open();
        return made;
    }

    // One whose task would not stop still runs it: it is left to end by itself, and another takes its place.
    private void Return(Runspace? runspace)
    {
        if (runspace is not null)
            _free.Add(runspace);
        _running.Signal();
    }
}
