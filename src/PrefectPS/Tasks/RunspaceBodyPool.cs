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
    // A function, for a script's text is parsed and compiled each time that it is run, and that takes longer than most of what PowerShell does here.
    private const string Function = "Invoke-FlowTaskBody";

    private const string Definition = $$"""
        param($__text, $__arguments, $__errorAction, $__usings, $FlowContext)
        $ErrorActionPreference = 'Stop'
        $PSNativeCommandUseErrorActionPreference = $true
        foreach ($__using in $__usings.GetEnumerator()) { $ExecutionContext.SessionState.PSVariable.Set($__using.Key, $__using.Value) }
        $__block = [scriptblock]::Create($__text)
        {{Splatting.GuardedCall}}
        """;

    private readonly PSCmdlet _caller;
    private readonly InitialSessionState _initial;
    private readonly ConcurrentBag<TaskRunspace> _free = [];
    private readonly ConcurrentDictionary<ITaskBody, PortableBlock> _blocks = new();
    private readonly CountdownEvent _running = new(1); // the pool itself, and each body that has not ended

    public RunspaceBodyPool(PSCmdlet caller)
    {
        _caller = caller;
        _initial = Runspace.DefaultRunspace.InitialSessionState?.Clone() ?? InitialSessionState.CreateDefault();
        _initial.Commands.Add(OwnCommands.Entries);
        _initial.Commands.Add(new SessionStateFunctionEntry(Function, Definition, ScopedItemOptions.Constant, helpFile: null));
    }

    public IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended)
    {
        var body = (ScriptBlockBody)task.Body!;
        var block = _blocks.GetOrAdd(body, _ => new PortableBlock(body.Block));
        var shell = PowerShell.Create();
        shell.AddCommand(Function, useLocalScope: true)
            .AddArgument(block.Text).AddArgument(body.Choose(arguments)).AddArgument(body.Settings.ErrorAction)
            .AddArgument(block.ReadUsings(_caller.SessionState)).AddArgument(context);
        new RunspaceStreams(_caller, task.Slug, post).Connect(shell.Streams);
        _running.AddCount();
        var run = new RunspaceBody(shell, block.Block.File, Return, ended);
        run.Start(_free.TryTake(out var free) ? free : new TaskRunspace(_initial));
        return run;
    }

    /// <summary>Waits for bodies that were stopped, which end or are left behind, and lets go of the runspaces.</summary>
    public void Dispose()
    {
        _running.Signal();
        _running.Wait();
        _running.Dispose();
        while (_free.TryTake(out var runspace))
            runspace.Dispose();
    }

    // One whose task would not stop goes when that ends, and another takes its place.
    private void Return(TaskRunspace runspace, bool isFree)
    {
        if (isFree)
            _free.Add(runspace);
        else
            runspace.Abandon();
        _running.Signal();
    }
}
