using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PrefectPS.Benchmarks;

/// <summary>A PowerShell session, as a script would have it.</summary>
internal sealed class Session : IDisposable
{
    private readonly Runspace _runspace;

    public Session()
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
    }

    /// <summary>The module's manifest in this checkout.</summary>
    public static string Manifest { get; } = FindManifest();

    /// <summary>Runs a script and returns its output.</summary>
    /// <exception cref="InvalidOperationException">It wrote an error.</exception>
    public IReadOnlyList<object> Invoke(string script)
    {
        using var shell = PowerShell.Create(_runspace);
        var output = shell.AddScript(script).Invoke();
        return shell.HadErrors
            ? throw new InvalidOperationException(string.Join("; ", shell.Streams.Error))
            : [.. output.Select(o => o.BaseObject)];
    }

    public void Dispose() => _runspace.Dispose();

    private static string FindManifest()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var manifest = Path.Combine(folder.FullName, "PrefectPS.psd1");
            if (File.Exists(manifest))
                return manifest;
        }

        throw new FileNotFoundException("PrefectPS.psd1 is not in any folder above the benchmarks.");
    }
}
