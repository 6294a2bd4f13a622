using System.Management.Automation;
using System.Net;
using PrefectPS.Cluster;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Starts a worker: it runs the bodies of tasks for runs that are coordinated elsewhere, until it is told to end.</para></summary>
[Cmdlet(VerbsLifecycle.Start, "FlowWorker", SupportsShouldProcess = true)]
public sealed class StartFlowWorkerCommand : FlowCmdlet
{
    private const int UsualPlaces = 4;

    private readonly CancellationTokenSource _end = new();
#if !NETSTANDARD
    private static readonly TimeSpan TellInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan SecondSignal = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _now = new();
    private long? _firstSignal;
    private WorkerBodies? _bodies;
    private Task<Task>? _joining;
    private Task? _worker;
    private TerminationSignals? _signals;
    private CancellationTokenRegistration _stopped;
#endif

    /// <summary>The flows whose tasks it runs, from the moment on that they come down the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public Flow[] Flow { get; set; } = [];

    /// <summary>The cluster that it joins: an address, or what New-FlowCluster returns.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public object Cluster { get; set; } = null!;

    /// <summary>How many tasks it runs at once.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int ThrottleLimit { get; set; } = UsualPlaces;

    /// <summary>The tags that it serves: tasks with one of them run only on workers that serve it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    /// <summary>How long tasks that run may go on once the worker is told to end.</summary>
    [Parameter]
    [DurationTransformation]
    [NoNegativeDuration]
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The address of this machine at which it listens, and by which the others reach it.</summary>
    [Parameter]
    [ValidateNotNull]
    public IPAddress? ListenAddress { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var cluster = ClusterParameter.Resolve(Cluster)!;
        Warn(Flow.SelectMany(EmptyFlows.In));
        if (!ShouldProcess($"{cluster}", $"Run tasks of {string.Join(", ", Flow.Select(flow => flow.Name))}"))
            return;
#if !NETSTANDARD
        _bodies ??= new(this, cluster, ThrottleLimit, Tag);
        foreach (var flow in Flow)
            _bodies.Add(flow, new CallerStreams(this, new(this)), WriteProgress, StopToken);
        _joining ??= Orleans.Clusters.StartWorkerAsync(cluster, _bodies, new() { Grace = GracePeriod, Address = ListenAddress }, EndBySignal(), _now.Token);
        SayUntil(_joining, _bodies); // what sends flows may take its time from here on, and then nothing can be said
        _worker ??= _joining.GetAwaiter().GetResult();
        if (_worker.IsCompleted)
            _worker.GetAwaiter().GetResult();
#endif
    }

#if !NETSTANDARD
    /// <inheritdoc/>
    protected override void End()
    {
        if (_worker is null)
            return;
        SayUntil(_worker, _bodies!);
        _worker.GetAwaiter().GetResult();
    }

    private void SayUntil(Task done, WorkerBodies bodies)
    {
        while (!done.IsCompleted)
        {
            bodies.ToldMore.WaitOne(TellInterval);
            Say(bodies);
        }

        Say(bodies);
    }

    private CancellationToken EndBySignal()
    {
        _signals = TerminationSignals.Listen(TakeSignal, () => _joining?.Unwrap() ?? Task.CompletedTask);
        _stopped = StopToken.Register(_end.Cancel);
        return _end.Token;
    }

    // Who presses Ctrl+C once more does not want to wait.
    private void TakeSignal()
    {
        var now = Environment.TickCount64;
        if (_firstSignal is { } first && now - first > SecondSignal.TotalMilliseconds)
            _now.Cancel();
        _firstSignal ??= now;
        _end.Cancel();
    }
#endif

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
#if !NETSTANDARD
            _end.Cancel();
            // It still works where what sends flows was stopped, or failed.
            _worker?.ContinueWith(_ => { }, TaskScheduler.Default).Wait(GracePeriod < LongestWait ? GracePeriod + LastWait : LongestWait);
            _now.Cancel();
            _bodies?.Dispose();
            _signals?.Dispose();
            _stopped.Dispose();
            _now.Dispose();
#endif
            _end.Dispose();
        }

        base.Dispose(disposing);
    }

#if !NETSTANDARD
    // What joins and leaves is of interest to whoever runs a worker; each task, to who asks for it.
    private void Say(WorkerBodies bodies)
    {
        while (bodies.TryTake(out var text, out var isDetail))
        {
            if (StopToken.IsCancellationRequested)
                continue;
            if (isDetail)
                WriteDebug(text);
            else
                WriteVerbose(text);
            if (!isDetail)
                WriteInformation(new(text, "Start-FlowWorker"));
        }
    }
#endif
}
