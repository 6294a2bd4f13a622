using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Workers;

/// <inheritdoc cref="IGate"/>
[Reentrant, StatelessWorker(1)]
internal sealed class Gate(WorkerServiceClient workers, IClusterMembershipService membership) : Grain, IGate
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<ClusterSeen> Look()
    {
        var cluster = membership.CurrentSnapshot;
        var members = cluster.Members.Values.Where(member => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping);
        return new(cluster.Version.Value, await Task.WhenAll(members.Select(async member => new WorkerSeen(member.SiloAddress, await Describe(member.SiloAddress)))));
    }

    public Task<Answer> Take(SiloAddress worker, WorkItem item, ICoordinator coordinator) => workers.At(worker).Take(item, coordinator);

    public Task Stop(SiloAddress worker, string delivery) => workers.At(worker).Stop(delivery);

    public Task Acknowledge(SiloAddress worker, string[] deliveries) => workers.At(worker).Acknowledge(deliveries);

    public Task<Claim[]> ClaimsOf(SiloAddress worker, string incarnation) => workers.At(worker).ClaimsOf(incarnation);

    public Task<bool> Adopt(SiloAddress worker, string delivery, ICoordinator coordinator) => workers.At(worker).Adopt(delivery, coordinator);

    private async Task<Description?> Describe(SiloAddress worker)
    {
        try
        {
            return await workers.At(worker).Describe().WaitAsync(Patience);
        }
        catch (Exception)
        {
            return null; // whether it is gone, the cluster says
        }
    }
}
