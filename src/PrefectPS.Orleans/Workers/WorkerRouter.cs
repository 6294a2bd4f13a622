using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Workers;

/// <inheritdoc cref="IWorkerRouter"/>
[Reentrant, StatelessWorker(1)]
internal sealed class WorkerRouter(WorkerServiceClient workers, IClusterMembershipService membership) : Grain, IWorkerRouter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<ClusterView> GetView()
    {
        var cluster = membership.CurrentSnapshot;
        var members = cluster.Members.Values.Where(member => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping);
        return new(cluster.Version.Value, await Task.WhenAll(members.Select(async member => new WorkerView(member.SiloAddress, await Describe(member.SiloAddress)))));
    }

    public Task<DispatchReply> Dispatch(SiloAddress worker, WorkItem item, ICoordinator coordinator) => workers.At(worker).Dispatch(item, coordinator);

    public Task Stop(SiloAddress worker, string dispatchId) => workers.At(worker).Stop(dispatchId);

    public Task Acknowledge(SiloAddress worker, string[] dispatchIds) => workers.At(worker).Acknowledge(dispatchIds);

    public Task<Claim[]> GetClaims(SiloAddress worker, string incarnation) => workers.At(worker).GetClaims(incarnation);

    public Task<bool> Adopt(SiloAddress worker, string dispatchId, ICoordinator coordinator) => workers.At(worker).Adopt(dispatchId, coordinator);

    private async Task<WorkerStatus?> Describe(SiloAddress worker)
    {
        try
        {
            return await workers.At(worker).Describe().WaitAsync(Patience);
        }
        catch (Exception)
        {
            return null; // membership decides whether it is gone
        }
    }
}
