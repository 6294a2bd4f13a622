using System.Diagnostics;
using System.Reflection;

namespace PrefectPS.Benchmarks;

/// <summary>A PowerShell of its own that runs a script. It ends when it is disposed of.</summary>
internal sealed class ScriptProcess : IDisposable
{
    private static readonly string Host =
        typeof(ScriptProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "HostPath").Value!;

    private readonly Process _process;
    private readonly string _file;

    private ScriptProcess(Process process, string file) => (_process, _file) = (process, file);

    /// <summary>Its working set in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="script">The script's text.</param>
    /// <param name="importsModule">Whether it has the module.</param>
    public static ScriptProcess Start(string script, bool importsModule = true) =>
        StartBy(Host, $"{(importsModule ? $"Import-Module '{Session.Manifest}'\n" : string.Empty)}{script}");

    /// <summary>Starts one.</summary>
    /// <param name="pwsh">Its assembly.</param>
    /// <param name="script">The script's text.</param>
    public static ScriptProcess StartBy(string pwsh, string script)
    {
        var file = Path.Combine(Path.GetTempPath(), $"prefectps-{Guid.NewGuid():n}.ps1");
        File.WriteAllText(file, $"$ErrorActionPreference = 'Stop'\n{script}");
        var start = StartOf(pwsh, file);
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process, file);
    }

    /// <summary>How a PowerShell begins that runs a script's file, as one of a user who has set nothing.</summary>
    /// <param name="pwsh">Its assembly.</param>
    /// <param name="file">The script's file.</param>
    public static ProcessStartInfo StartOf(string pwsh, string file)
    {
        var start = new ProcessStartInfo("dotnet", [pwsh, "-NoProfile", "-NonInteractive", "-File", file]);
        start.Environment.Remove("PSModulePath");
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        return start;
    }

    /// <summary>Waits until it has written a line with a text.</summary>
    /// <exception cref="InvalidOperationException">It has ended without.</exception>
    public void WaitFor(string text)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                _ = _process.StandardOutput.ReadToEndAsync(); // it must not wait for somebody who reads the rest
                return;
            }
        }

        throw new InvalidOperationException($"The process ended without '{text}'.");
    }

    /// <summary>The lines that it writes until it ends.</summary>
    /// <exception cref="InvalidOperationException">It has failed.</exception>
    public string[] ReadToEnd()
    {
        var lines = _process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        _process.WaitForExit();
        return _process.ExitCode == 0 ? lines : throw new InvalidOperationException($"The process ended with exit code {_process.ExitCode}: {string.Join('\n', lines)}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_file);
    }
}
