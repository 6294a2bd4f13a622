using System.Diagnostics;
using System.Globalization;
using PrefectPS.Runs;
using PrefectPS.StepProcess;

namespace PrefectPS.Integration.Tests.Runs;

/// <summary>A process that takes a step of a run or removes it, and suspends itself at one of its writes.</summary>
internal sealed class SuspendedStep : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string Program = Repository.ProgramOf("StepPath");

    private readonly Process _process;

    private SuspendedStep(Process process) => _process = process;

    /// <summary>What it was about to do; null where it came to its end before.</summary>
    public string? Call { get; private set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts one, and waits until it is suspended.</summary>
    /// <param name="address">The store.</param>
    /// <param name="environment">What else it needs to get into it.</param>
    /// <param name="runId">The run.</param>
    /// <param name="write">At which of its writes it is suspended, from 1.</param>
    /// <param name="durability">When it keeps its progress.</param>
    public static Task<SuspendedStep> StartAsync(string address, (string Name, string Value)? environment, string runId, int write, FlowDurability durability) =>
        StartAsync(environment, address, runId, "--suspend", $"{write}", $"{durability}");

    /// <summary>Starts a process that removes a run from a folder, and waits until it is suspended at one of its writes and deletions.</summary>
    public static Task<SuspendedStep> StartRemovalAsync(string folder, string runId, int write) => StartAsync(null, folder, runId, "--remove", $"{write}");

    private static async Task<SuspendedStep> StartAsync((string Name, string Value)? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (environment is { } variable)
            start.Environment[variable.Name] = variable.Value;
        var step = new SuspendedStep(Process.Start(start)!);
        step.Call = await step._process.StandardOutput.ReadLineAsync(Stop).AsTask().WaitAsync(Patience, Stop);
        while (step.Call is not null && !await step.IsSuspendedAsync())
            await Task.Delay(10, Stop);
        return step;
    }

    /// <summary>Lets it go on to its end.</summary>
    /// <returns>Its exit code, and what it said.</returns>
    public async Task<(int ExitCode, string Error)> GoOnAsync()
    {
        await ProcessSignal.SendAsync(_process, "CONT");
        var error = await _process.StandardError.ReadToEndAsync(Stop).WaitAsync(Patience, Stop);
        await _process.WaitForExitAsync(Stop).WaitAsync(Patience, Stop);
        return (_process.ExitCode, error);
    }

    /// <summary>Kills it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Stop);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task<bool> IsSuspendedAsync()
    {
        Assert.False(_process.HasExited, "The process was not suspended.");
        var status = await File.ReadAllTextAsync($"/proc/{_process.Id.ToString(CultureInfo.InvariantCulture)}/stat", Stop);
        return status[status.LastIndexOf(')') + 2] == 'T';
    }
}
