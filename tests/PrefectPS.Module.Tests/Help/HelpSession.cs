using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PrefectPS.Module.Tests.Help;

/// <summary>A fresh session with the module imported, in an empty folder of its own.</summary>
internal sealed class HelpSession : IDisposable
{
    private readonly Runspace _runspace;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("PrefectPS.Help.");

    public HelpSession()
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(Path.Combine(HelpFiles.Root, "PrefectPS.psd1"));
        state.ThrowOnRunspaceOpenError = true;
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
        _runspace.SessionStateProxy.Path.SetLocation(_folder.FullName);
    }

    public void Dispose()
    {
        _runspace.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Runs a script, and throws the first error it has, terminating or not.</summary>
    public IReadOnlyList<PSObject> Run(string script)
    {
        using var shell = PowerShell.Create(_runspace);
        var output = shell.AddScript(script).Invoke();
        return shell.Streams.Error.FirstOrDefault() is { } error ? throw new RuntimeException(error.ToString(), error.Exception, error) : output;
    }
}
