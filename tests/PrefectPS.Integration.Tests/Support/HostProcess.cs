using System.Diagnostics;
using System.Text;

namespace PrefectPS.Integration.Tests.Support;

/// <summary>A <c>prefectps</c> process, as built. It ends with the test at the latest.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>Variables of the developer's own session that change what the host does.</summary>
    private static readonly string[] SessionVariables =
        ["TERM", "PSModulePath", "POWERSHELL_TELEMETRY_OPTOUT"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly CancellationTokenSource _timeout = new(Patience);
    private bool _isOutputClosed;

    private HostProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync(_timeout.Token);
    }

    /// <summary>The id of the process.</summary>
    public int Id => _process.Id;

    public static string HostPath { get; } = Repository.ProgramOf("HostPath");

    /// <summary>The configuration that it was built in.</summary>
    public static string Configuration { get; } = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(HostPath)))!;

    /// <summary>Starts <c>prefectps</c> with an open standard input, and without the developer's own profile.</summary>
    public static HostProcess Start(IEnumerable<string> arguments, IEnumerable<(string Name, string Value)>? environment = null) =>
        StartProgram("dotnet", [HostPath, "-NoProfile", .. arguments], environment);

    /// <summary>Starts another program, such as one that starts <c>prefectps</c>.</summary>
    public static HostProcess StartProgram(
        string program, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)>? environment = null, string folder = "")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in SessionVariables)
            start.Environment.Remove(name);
        start.Environment["NO_COLOR"] = "1"; // PowerShell colours redirected output, too
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return new HostProcess(start);
    }

    /// <summary>Runs <c>prefectps</c> to its end.</summary>
    public static async Task<HostResult> RunAsync(
        IEnumerable<string> arguments, string input = "", IEnumerable<(string Name, string Value)>? environment = null)
    {
        await using var host = Start(arguments, environment);
        await host.WriteAsync(input);
        return await host.EndAsync();
    }

    /// <summary>Runs commands given on the command line.</summary>
    public static Task<HostResult> RunCommandAsync(
        string text, string input = "", IEnumerable<(string Name, string Value)>? environment = null) =>
        RunAsync(["-Command", text], input, environment);

    /// <summary>Runs a script file with arguments.</summary>
    public static async Task<HostResult> RunScriptAsync(string text, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        return await RunAsync([folder.Write("script.ps1", text), .. arguments]);
    }

    public async Task WriteAsync(string input)
    {
        await _process.StandardInput.WriteAsync(input.AsMemory(), _timeout.Token);
        await _process.StandardInput.FlushAsync(_timeout.Token);
    }

    /// <summary>Waits for the next line of standard output.</summary>
    public ValueTask<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync(_timeout.Token);

    /// <summary>Closes the reading end of the process's standard output.</summary>
    public void CloseOutput()
    {
        _process.StandardOutput.Close();
        _isOutputClosed = true;
    }

    /// <summary>Sends a Unix signal by its short name.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Closes standard input and waits for the end.</summary>
    public async Task<HostResult> EndAsync()
    {
        _process.StandardInput.Close();
        return await WaitAsync();
    }

    /// <summary>Waits for the end while standard input stays open.</summary>
    public async Task<HostResult> WaitAsync()
    {
        var output = _isOutputClosed ? "" : await _process.StandardOutput.ReadToEndAsync(_timeout.Token);
        var error = await _error;
        await _process.WaitForExitAsync(_timeout.Token);
        return new HostResult(_process.ExitCode, WithPlainLineEnds(output), WithPlainLineEnds(error));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _timeout.Dispose();
    }

    private static string WithPlainLineEnds(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);
}
