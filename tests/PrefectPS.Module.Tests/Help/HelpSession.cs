using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PrefectPS.Module.Tests.Help;

/// <summary>A fresh session with the module imported, in an empty folder of its own.</summary>
internal sealed class HelpSession : IDisposable
{
    // The hosted engine has none of the everyday commands; these do what the examples need of them.
    private const string EverydayCommands = """
        function global:Write-Host { param([Parameter(Position = 0)] $Object) [void]$Object }
        function global:Set-Content {
            param([Parameter(Position = 0)] [string] $Path, [Parameter(ValueFromPipeline)] $Value)
            begin { $lines = [System.Collections.Generic.List[string]]::new() }
            process { $lines.Add("$Value") }
            end { [System.IO.File]::WriteAllLines("$PWD/$Path", $lines) }
        }
        function global:Get-Content { param([Parameter(Position = 0)] [string] $Path) [System.IO.File]::ReadAllLines("$PWD/$Path") }
        """;

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
        Run(EverydayCommands);
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
