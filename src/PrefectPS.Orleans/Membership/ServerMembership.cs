using Orleans.Hosting;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans.Membership;

/// <summary>That which a server holds, a database or a table: it outlives every worker.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="useWorker">Has a worker find it.</param>
/// <param name="useStep">Has a step find it.</param>
/// <param name="servers">Where it listens; none where that is not known.</param>
/// <param name="demand">Demands that it lets a step in.</param>
/// <param name="prepare">Makes ready what workers need there.</param>
internal sealed class ServerMembership(FlowCluster cluster, Action<ISiloBuilder> useWorker, Action<IClientBuilder> useStep, IReadOnlyCollection<ServerPort> servers,
    Func<CancellationToken, Task> demand, Func<CancellationToken, Task> prepare) : IMembership
{
    private const int FirstSiloPort = 11111;
    private const int FirstGatewayPort = 30000;
    private const int MaxWorkers = 200; // of one machine

    public bool EndsWithFirstWorker => false;

    public IEnumerable<WorkerPorts> Ports => Enumerable.Range(0, MaxWorkers).Select(i => new WorkerPorts(FirstSiloPort + i, FirstGatewayPort + i));

    public Task DemandAsync(CancellationToken stop) => ReachAsync(demand, stop);

    public Task PrepareAsync(CancellationToken stop) => ReachAsync(prepare, stop);

    public void Use(ISiloBuilder worker, WorkerPorts ports) => useWorker(worker);

    public void Use(IClientBuilder step) => useStep(step);

    public Task<bool> HasEndedAsync(CancellationToken stop) => Task.FromResult(false);

    private async Task ReachAsync(Func<CancellationToken, Task> use, CancellationToken stop)
    {
        try
        {
            await ServerPort.ReachAnyAsync(servers, stop);
            await use(stop);
        }
        catch (Exception e) when (e is not (OperationCanceledException or FlowException))
        {
            throw ClusterErrors.MembershipUnreachable(cluster, e);
        }
    }
}
