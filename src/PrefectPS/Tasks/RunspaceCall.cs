using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>The call of a body in a separate runspace.</summary>
internal sealed class RunspaceCall
{
    /// <summary>The function that calls a body; defined once, because a script text is parsed and compiled on each run.</summary>
    public const string Function = "Invoke-FlowTaskBody";

    /// <summary>Its text.</summary>
    public const string Definition = $$"""
        param($__block, $__arguments, $__errorAction, $__variables, $__strict, $FlowContext)
        $ErrorActionPreference = 'Stop'
        $PSNativeCommandUseErrorActionPreference = $true
        foreach ($__variable in $__variables) { $ExecutionContext.SessionState.PSVariable.Set($__variable.Key, $__variable.Value) }
        if ($__strict) { Microsoft.PowerShell.Core\Set-StrictMode -Version $__strict }
        {{Splatting.GuardedCall}}
        """;

    /// <summary>The body's block.</summary>
    public required PortableBlock Block { get; init; }

    public required Hashtable Arguments { get; init; }

    public required ActionPreference ErrorAction { get; init; }

    /// <summary>Variables that it sees.</summary>
    public required List<KeyValuePair<string, object?>> Variables { get; init; }

    public required Version? StrictMode { get; init; }

    public required Surroundings.Moment Now { get; init; }

    public required FlowContext Context { get; init; }

    /// <summary>Variables that it reads and the caller has.</summary>
    public required IReadOnlyList<string> Suspects { get; init; }

    /// <summary>Receives those that do not exist there.</summary>
    public required Action<string> Missing { get; init; }

    /// <summary>Completes the call on the thread of its runspace.</summary>
    public void Prepare(PowerShell shell, TaskRunspace target, RunspaceStreams streams)
    {
        var runspace = target.Open(Now, streams);
        shell.Runspace = runspace;
        foreach (var name in Suspects)
        {
            if (runspace.SessionStateProxy.PSVariable.Get(name) is null)
                Missing(name);
        }

        ModulePreferences.Active = ErrorAction;
        shell.AddCommand(Function, useLocalScope: true)
            .AddArgument(target.Make(Block)).AddArgument(Arguments).AddArgument(ErrorAction)
            .AddArgument(Variables).AddArgument(StrictMode).AddArgument(Context);
    }
}
