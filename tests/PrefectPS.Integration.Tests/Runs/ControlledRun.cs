using System.Diagnostics;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.StepProcess;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Runs;

/// <summary>A run that is asked for this and that while processes take steps of it and are killed.</summary>
/// <param name="store">The store.</param>
/// <param name="address">The store's address, for the processes.</param>
/// <param name="setting">What else a process needs to get into it, as an environment variable; null for nothing.</param>
/// <param name="runId">The run.</param>
/// <param name="folder">Where the processes list the bodies that began.</param>
internal sealed class ControlledRun(IFlowStore store, string address, (string Name, string Value)? setting, string runId, string folder) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Program = Repository.ProgramOf("StepPath");

    private readonly Flow _flow = KillableFlow.Make(store, _ => { });
    private readonly List<string> _logs = [];
    private readonly List<Process> _processes = [];
    private readonly Lock _gate = new();
    private int _kills;

    /// <summary>How often a process was killed.</summary>
    public int Kills => _kills;

    private Process? Current
    {
        get
        {
            lock (_gate)
                return _processes.LastOrDefault();
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Has a process take a step, unless one does.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (_processes is not [.., { HasExited: false }])
                _processes.Add(Start());
        }
    }

    private Process Start()
    {
        var log = Path.Combine(folder, $"{runId}-{_logs.Count}");
        _logs.Add(log);
        var start = new ProcessStartInfo("dotnet", ["exec", Program, address, runId, log]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (setting is { } needed)
            start.Environment[needed.Name] = needed.Value;
        return Process.Start(start)!;
    }

    /// <summary>Kills the process, where one works.</summary>
    public async Task KillAsync()
    {
        if (Current is not { HasExited: false } process)
            return;
        process.Kill();
        await process.WaitForExitAsync(Stop).WaitAsync(Patience, Stop);
        Interlocked.Increment(ref _kills);
    }

    /// <summary>Waits until no process works.</summary>
    public async Task AwaitEndAsync()
    {
        if (Current is { } process)
            await process.WaitForExitAsync(Stop).WaitAsync(Patience, Stop);
    }

    /// <summary>Asks for something, and waits until it is applied, or for a while.</summary>
    /// <returns>Whether it was applied in that time.</returns>
    public bool Ask(ControlRequest request, bool hasFlow, TimeSpan? timeout)
    {
        try
        {
            var sender = new RequestSender(new(store), new(_flow.Name, runId), hasFlow ? _flow : null, _flow.Services);
            return sender.Send(request, timeout, Stop).Run is not null;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.RequestPending)
        {
            return false;
        }
    }

    /// <summary>Lets the run go on, whatever it was asked for, and takes it to its end.</summary>
    public async Task<FlowState> EndAsync()
    {
        await AwaitEndAsync();
        Ask(new(Guid.NewGuid().ToString("n"), RequestKind.Resume, "end", RequestSender.Stamp(TimeProvider.System)) { IsSpecial = true }, hasFlow: true, Patience);
        Begin();
        await AwaitEndAsync();
        var last = Current!;
        Assert.True(last.ExitCode == 0, $"Exit code {last.ExitCode}: {await last.StandardError.ReadToEndAsync(Stop)}");
        return RecordedRuns.Read(_flow, runId)!;
    }

    /// <summary>All bodies that began, as often as they did.</summary>
    public IReadOnlyList<string> Began() => [.. _logs.Where(File.Exists).SelectMany(File.ReadAllLines)];

    public void Dispose() => _processes.ForEach(process => process.Dispose());
}
