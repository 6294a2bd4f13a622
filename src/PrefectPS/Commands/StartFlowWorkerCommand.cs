using System.Management.Automation;
using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Starts a worker: it runs the bodies of tasks for runs that are coordinated elsewhere, until it is told to end.</para></summary>
[Cmdlet(VerbsLifecycle.Start, "FlowWorker", SupportsShouldProcess = true)]
public sealed class StartFlowWorkerCommand : FlowCmdlet
{
    private const int UsualPlaces = 4;

    private readonly List<Flow> _flows = [];
    private readonly CancellationTokenSource _end = new();

    /// <summary>The flows whose tasks it runs.</summary>
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
    public string[] Tag { get; set; } = [];

    /// <summary>How long tasks that run may go on once the worker is told to end.</summary>
    [Parameter]
    [DurationTransformation]
    [NoNegativeDuration]
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override void Process() => _flows.AddRange(Flow);

    /// <inheritdoc/>
    protected override void End()
    {
        var cluster = ClusterParameter.Resolve(Cluster)!;
        var flows = _flows.Distinct().ToArray();
        Warn(flows.SelectMany(EmptyFlows.In));
        if (!ShouldProcess($"{cluster}", $"Run tasks of {string.Join(", ", flows.Select(flow => flow.Name))}"))
            return;
#if !NETSTANDARD
        using var signals = TerminationSignals.Listen(_end.Cancel);
        using var bodies = new WorkerBodies(this, flows, cluster, ThrottleLimit, Tag);
        bodies.SetUp(new CallerStreams(this, new(this)), WriteProgress, StopToken);
        using var stopped = StopToken.Register(_end.Cancel);
        var worker = Orleans.Clusters.RunWorkerAsync(cluster, bodies, GracePeriod, _end.Token, StopToken);
        while (!worker.IsCompleted)
        {
            bodies.ToldMore.WaitOne(TimeSpan.FromMilliseconds(200));
            Say(bodies);
        }

        Say(bodies);
        worker.GetAwaiter().GetResult();
#endif
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _end.Dispose();
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
