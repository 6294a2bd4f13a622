using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>A PowerShell process that runs a script: a worker, or a step. It ends with the test at the latest.</summary>
internal sealed partial class LabProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private LabProcess(ProcessStartInfo start)
    {
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>All that it has written, to whichever stream.</summary>
    public string Text => string.Join('\n', _lines);

    /// <summary>The same without the breaks that PowerShell puts into errors to fit them to a window.</summary>
    public string Flat => WhiteSpace().Replace(Text, " ");

    public static LabProcess Start(string script, IEnumerable<string> arguments, NetworkNode? node = null)
    {
        string[] command = [.. node?.Prefix ?? [], "dotnet", HostProcess.HostPath, "-NoProfile", "-NonInteractive", "-File", script, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("PSModulePath");
        start.Environment["NO_COLOR"] = "1";
        return new(start);
    }

    /// <summary>Waits until it has written a text, so many times.</summary>
    public async Task WaitForAsync(string text, int times = 1)
    {
        var since = Stopwatch.GetTimestamp();
        while (!HasWritten())
        {
            Assert.False(_process.HasExited && !HasWritten(), $"The process ended without '{text}':\n{Text}");
            Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"The process has not written '{text}':\n{Text}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        bool HasWritten() => Flat.Split(text).Length > times;
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>All that it has written.</returns>
    public async Task<string> EndAsync(TimeSpan? patience = null)
    {
        try
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(patience ?? Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The process does not end:\n{Text}");
        }

        return Flat;
    }

    public Task SignalAsync(string name) => ProcessSignal.SendAsync(_process, name);

    /// <summary>Kills it, as a power failure would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"\s+(\| )?")]
    private static partial Regex WhiteSpace();

    private void Take(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }
}
