using System.Diagnostics;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.StepProcess;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Runs;

/// <summary>A run whose process is killed at a random moment, again and again, until it is done.</summary>
/// <param name="store">The store.</param>
/// <param name="address">The store's address, for the process.</param>
/// <param name="connection">What else the process needs to get into it; null for nothing.</param>
/// <param name="runId">The run.</param>
/// <param name="folder">Where the processes list the bodies that began.</param>
/// <param name="random">Chooses the moments.</param>
internal sealed class KilledRun(IFlowStore store, string address, string? connection, string runId, string folder, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Program = Repository.ProgramOf("StepPath");

    private readonly Flows.Flow _flow = KillableFlow.Make(store, _ => { });
    private readonly List<string> _began = [];
    private HashSet<string> _onRecord = [];
    private int _processes;

    /// <summary>How often a process was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>All bodies that began, in order, as often as they did.</summary>
    public IReadOnlyList<string> Began => _began;

    /// <summary>Kills and starts again until the run is done.</summary>
    /// <param name="isEnough">Whether no more kills are wanted: the run then goes to its end.</param>
    public async Task<FlowState> RunAsync(Func<bool> isEnough)
    {
        while (true)
        {
            var log = Path.Combine(folder, $"{runId}-{++_processes}");
            using var process = Start(log);
            if (!isEnough())
                await WaitAsync(process, log);
            var isKilled = !isEnough() && !process.HasExited;
            if (isKilled)
                process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
            isKilled &= process.ExitCode != 0;
            Check(log);
            if (!isKilled)
            {
                Assert.True(process.ExitCode == 0, $"Exit code {process.ExitCode}: {await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
                return RecordedRuns.Read(_flow, runId)!;
            }

            Kills++;
        }
    }

    /// <summary>Takes one step, to its end.</summary>
    public async Task<(int ExitCode, string[] Began)> RunOnceAsync(string name)
    {
        var log = Path.Combine(folder, name);
        using var process = Start(log);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return (process.ExitCode, File.Exists(log) ? await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken) : []);
    }

    private Process Start(string log)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program, address, runId, log]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (connection is not null)
            start.Environment["AZURE_STORAGE_CONNECTION_STRING"] = connection;
        return Process.Start(start)!;
    }

    // Some are killed while they open the run, most while they run tasks.
    private async Task WaitAsync(Process process, string log)
    {
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (random.Next(4) == 0)
        {
            await Task.Delay(random.Next(200), TestContext.Current.CancellationToken);
            return;
        }

        var started = Stopwatch.GetTimestamp();
        while (!process.HasExited && (!File.Exists(log) || new FileInfo(log).Length == 0))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "The process runs no task.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await Task.Delay(random.Next(25), TestContext.Current.CancellationToken);
    }

    // What was on record when the process began must not have run again.
    private void Check(string log)
    {
        var began = File.Exists(log) ? File.ReadAllLines(log) : [];
        Assert.DoesNotContain(began, _onRecord.Contains);
        _began.AddRange(began);
        _onRecord = RecordedRuns.Read(_flow, runId) is { } run ? [.. KillableFlow.Finished(run)] : [];
    }
}
