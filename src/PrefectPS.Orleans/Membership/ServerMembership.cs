using Orleans.Hosting;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans.Membership;

/// <summary>The membership in a database or table, which outlives every worker.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="useWorker">Configures a worker.</param>
/// <param name="useStep">Configures a step.</param>
/// <param name="servers">The server's endpoints; empty where unknown.</param>
/// <param name="check">Verifies that a step has access.</param>
/// <param name="prepare">Creates what the workers need.</param>
internal sealed class ServerMembership(FlowCluster cluster, Action<ISiloBuilder> useWorker, Action<IClientBuilder> useStep, IReadOnlyCollection<ServerEndpoint> servers,
    Func<CancellationToken, Task> check, Func<CancellationToken, Task> prepare) : IMembership
{
    private const int FirstSiloPort = 11111;
    private const int FirstGatewayPort = 30000;
    private const int MaxWorkers = 200; // per machine

    public bool EndsWithFirstWorker => false;

    public IEnumerable<WorkerPorts> Ports => Enumerable.Range(0, MaxWorkers).Select(i => new WorkerPorts(FirstSiloPort + i, FirstGatewayPort + i));

    public Task CheckAsync(CancellationToken stop) => ReachAsync(check, stop);

    public Task PrepareAsync(CancellationToken stop) => ReachAsync(prepare, stop);

    public void Use(ISiloBuilder worker, WorkerPorts ports) => useWorker(worker);

    public void Use(IClientBuilder step) => useStep(step);

    public Task<bool> HasEndedAsync(CancellationToken stop) => Task.FromResult(false);

    private async Task ReachAsync(Func<CancellationToken, Task> use, CancellationToken stop)
    {
        try
        {
            await ServerEndpoint.EnsureReachableAsync(servers, stop);
            await use(stop);
        }
        catch (Exception e) when (e is not (OperationCanceledException or FlowException))
        {
            throw ClusterErrors.MembershipUnreachable(cluster, e);
        }
    }
}
