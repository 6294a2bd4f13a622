using Orleans.Hosting;

namespace PrefectPS.Orleans.Membership;

/// <summary>The membership store, where the workers of a cluster find each other.</summary>
internal interface IMembership
{
    /// <summary>True if the first worker hosts the membership, so that the cluster ends with it.</summary>
    bool EndsWithFirstWorker { get; }

    /// <summary>Verifies that a step can find workers there.</summary>
    /// <exception cref="Exception">The reason why it cannot.</exception>
    Task CheckAsync(CancellationToken stop);

    /// <summary>Creates what the workers need there.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ClusterFailed"/>.</exception>
    Task PrepareAsync(CancellationToken stop);

    /// <summary>The candidate ports of a worker, in order.</summary>
    IEnumerable<WorkerPorts> Ports { get; }

    /// <summary>Configures a worker.</summary>
    void Use(ISiloBuilder worker, WorkerPorts ports);

    /// <summary>Configures a step.</summary>
    void Use(IClientBuilder step);

    /// <summary>True if the cluster is known to have ended.</summary>
    Task<bool> HasEndedAsync(CancellationToken stop);
}
