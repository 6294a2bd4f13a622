using Orleans.Hosting;

namespace PrefectPS.Orleans.Membership;

/// <summary>That which a server holds, a database or a table: it outlives every worker.</summary>
/// <param name="useWorker">Has a worker find it.</param>
/// <param name="useStep">Has a step find it.</param>
/// <param name="servers">Where it listens; none where that is not known.</param>
/// <param name="open">Opens a connection to it, and closes it again.</param>
/// <param name="prepare">Makes ready what is needed there.</param>
internal sealed class ServerMembership(Action<ISiloBuilder> useWorker, Action<IClientBuilder> useStep, IReadOnlyCollection<ServerPort> servers,
    Func<CancellationToken, Task> open, Func<CancellationToken, Task> prepare) : IMembership
{
    private const int FirstSiloPort = 11111;
    private const int FirstGatewayPort = 30000;
    private const int MaxWorkers = 200; // of one machine

    public bool EndsWithFirstWorker => false;

    public IEnumerable<WorkerPorts> Ports => Enumerable.Range(0, MaxWorkers).Select(i => new WorkerPorts(FirstSiloPort + i, FirstGatewayPort + i));

    public async Task ReachAsync(CancellationToken stop)
    {
        await ServerPort.ReachAnyAsync(servers, stop);
        await open(stop);
    }

    public Task PrepareAsync(CancellationToken stop) => prepare(stop);

    public void Use(ISiloBuilder worker, WorkerPorts ports) => useWorker(worker);

    public void Use(IClientBuilder step) => useStep(step);

    public Task<bool> HasEndedAsync(CancellationToken stop) => Task.FromResult(false);
}
