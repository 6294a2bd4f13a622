using Orleans;
using Orleans.Runtime;

namespace PrefectPS.Orleans.Wire;

/// <summary>The way into the cluster for a step: whichever worker it is connected to hands on what it says to the one that it is for.</summary>
internal interface IGate : IGrainWithIntegerKey
{
    /// <summary>The workers that there are.</summary>
    Task<ClusterSeen> Look();

    /// <inheritdoc cref="IWorkerService.Take"/>
    Task<Answer> Take(SiloAddress worker, WorkItem item, ICoordinator coordinator);

    /// <inheritdoc cref="IWorkerService.Stop"/>
    Task Stop(SiloAddress worker, string delivery);

    /// <inheritdoc cref="IWorkerService.Acknowledge"/>
    Task Acknowledge(SiloAddress worker, string[] deliveries);

    /// <inheritdoc cref="IWorkerService.ClaimsOf"/>
    Task<Claim[]> ClaimsOf(SiloAddress worker, string incarnation);

    /// <inheritdoc cref="IWorkerService.Adopt"/>
    Task<bool> Adopt(SiloAddress worker, string delivery, ICoordinator coordinator);
}
