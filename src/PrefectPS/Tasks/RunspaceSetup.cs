using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell.Commands;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Imports a flow's modules, and runs its initialization script, in a runspace or in the session.</summary>
internal static class RunspaceSetup
{
    // Otherwise, each imported command would be a verbose message.
    private const string Import = @"Microsoft.PowerShell.Core\Import-Module";

    // The preferences of a task; those of the runspace are the session's.
    private static readonly (string Name, object Value)[] Strict =
        [("ErrorActionPreference", ActionPreference.Stop), ("PSNativeCommandUseErrorActionPreference", true)];

    private static readonly PSInvocationSettings Settings = new() { ExposeFlowControlExceptions = true };

    /// <summary>Sets up a runspace, on its own thread.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SetupFailed"/>.</exception>
    public static void Run(Runspace runspace, FlowSetup setup, Action<PSDataStreams> connect)
    {
        var session = runspace.SessionStateProxy;
        object[] old = [.. Strict.Select(preference => session.GetVariable(preference.Name))];
        foreach (var (name, value) in Strict)
            session.SetVariable(name, value);
        foreach (var module in setup.Modules)
            Guard(setup, NameOf(module), () => Run(runspace, shell => Add(shell, module), connect));
        if (setup.Script is { } script)
            Guard(setup, ScriptName, () => Run(runspace, shell => shell.AddScript(". $args[0]", useLocalScope: false).AddArgument(new PortableBlock(script).Make()), connect));
        for (var i = 0; i < Strict.Length; i++)
            session.SetVariable(Strict[i].Name, old[i]);
    }

    /// <summary>Imports the modules into the session of this thread, and runs the script.</summary>
    /// <returns>The definitions of the script.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SetupFailed"/>.</exception>
    public static DefinitionScope RunHere(FlowSetup setup)
    {
        foreach (var module in setup.Modules)
        {
            var (name, value) = ArgumentOf(module);
            Guard(setup, NameOf(module), () => TaskScript.Call(
                ScriptBlock.Create($"param($__module) {Import} -{name} $__module -Global -Verbose:$false"), context: null, scope: null, [value]));
        }

        var scope = new DefinitionScope { Module = setup.Script?.Module };
        if (setup.Script is { } script)
            Guard(setup, ScriptName, () => ScopeCapture.Run(script, scope));
        return scope;
    }

    private const string ScriptName = "its -InitializationScript";

    private static string NameOf(ModuleSpecification module) => $"the import of its module '{module.Name}'";

    private static void Run(Runspace runspace, Action<PowerShell> add, Action<PSDataStreams> connect)
    {
        using var shell = PowerShell.Create();
        shell.Runspace = runspace;
        add(shell);
        connect(shell.Streams);
        shell.Invoke(null, new List<PSObject>(), Settings);
    }

    private static void Add(PowerShell shell, ModuleSpecification module)
    {
        var (name, value) = ArgumentOf(module);
        shell.AddCommand(Import).AddParameter(name, value).AddParameter("ErrorAction", ActionPreference.Stop).AddParameter("Verbose", value: false);
    }

    private static (string Name, object Value) ArgumentOf(ModuleSpecification module) =>
        module.Version is null && module.RequiredVersion is null && module.MaximumVersion is null && module.Guid is null
            ? ("Name", module.Name)
            : ("FullyQualifiedName", module);

    private static void Guard(FlowSetup setup, string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            throw ScriptErrors.Translate(e, PipelineStop.IsRequested) switch
            {
                TaskFailedException { Error: var error } => ModuleErrors.SetupFailed(
                    setup.Flow, what, error.Message, error.Line > 0 ? $"{error.ScriptName ?? "line"}:{error.Line}" : null),
                { } known => known,
                null => ModuleErrors.SetupFailed(setup.Flow, what, e.Message, place: null),
            };
        }
    }
}
