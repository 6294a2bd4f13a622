using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace PrefectPS.Module.Tests.Support;

/// <summary>A PowerShell session in this process, with the module imported from its manifest. Its errors are exceptions.</summary>
internal sealed class ModuleSession : IDisposable
{
    private readonly Runspace _runspace;

    private ModuleSession(string? manifest, PSHost? host = null)
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = ExecutionPolicy.Bypass;
        _runspace = host is null ? RunspaceFactory.CreateRunspace(state) : RunspaceFactory.CreateRunspace(host, state);
        _runspace.Open();
        Run("$ErrorActionPreference = 'Stop'");
        if (manifest is not null)
            Run("Import-Module $args[0]", manifest);
    }

    /// <summary>A session with the module of this checkout.</summary>
    public static ModuleSession Open() => new(Repository.Manifest);

    /// <summary>A session with the module of this checkout, in a host.</summary>
    public static ModuleSession Open(PSHost host) => new(Repository.Manifest, host);

    /// <summary>A session with a module of another place.</summary>
    public static ModuleSession Open(string manifest) => new(manifest);

    /// <summary>A session without the module.</summary>
    public static ModuleSession OpenBare() => new(null);

    /// <summary>Runs a script; its variables stay in the session.</summary>
    /// <exception cref="RuntimeException">It threw.</exception>
    public ScriptOutcome Run(string script, params object?[] arguments)
    {
        using var shell = Prepare(script, arguments);
        return new(shell.Invoke(), shell.Streams);
    }

    /// <summary>The script, ready to be invoked in this session.</summary>
    public PowerShell Prepare(string script, params object?[] arguments)
    {
        var shell = PowerShell.Create(_runspace).AddScript(script, useLocalScope: false);
        foreach (var argument in arguments)
            shell.AddArgument(argument);
        return shell;
    }

    public void Set(string variable, object? value) => _runspace.SessionStateProxy.SetVariable(variable, value);

    public void Dispose() => _runspace.Dispose();
}
