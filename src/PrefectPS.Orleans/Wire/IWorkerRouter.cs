using Orleans;
using Orleans.Runtime;

namespace PrefectPS.Orleans.Wire;

/// <summary>A step's entry into the cluster: forwards its calls from the worker it is connected to, to the worker they are for.</summary>
internal interface IWorkerRouter : IGrainWithIntegerKey
{
    /// <summary>Gets the cluster as this worker sees it.</summary>
    Task<ClusterView> GetView();

    /// <inheritdoc cref="IWorkerService.Dispatch"/>
    Task<DispatchReply> Dispatch(SiloAddress worker, WorkItem item, ICoordinator coordinator);

    /// <inheritdoc cref="IWorkerService.Stop"/>
    Task Stop(SiloAddress worker, string dispatchId);

    /// <inheritdoc cref="IWorkerService.Acknowledge"/>
    Task Acknowledge(SiloAddress worker, string[] dispatchIds);

    /// <inheritdoc cref="IWorkerService.GetClaims"/>
    Task<Claim[]> GetClaims(SiloAddress worker, string incarnation);

    /// <inheritdoc cref="IWorkerService.Adopt"/>
    Task<bool> Adopt(SiloAddress worker, string dispatchId, ICoordinator coordinator);
}
