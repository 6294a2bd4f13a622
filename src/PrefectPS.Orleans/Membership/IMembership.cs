using Orleans.Hosting;

namespace PrefectPS.Orleans.Membership;

/// <summary>Where the workers of a cluster find each other.</summary>
internal interface IMembership
{
    /// <summary>Whether the first worker holds it: with that one's end the cluster ends, too.</summary>
    bool EndsWithFirstWorker { get; }

    /// <summary>Demands that a step can find workers there.</summary>
    /// <exception cref="Exception">Why it cannot.</exception>
    Task DemandAsync(CancellationToken stop);

    /// <summary>Makes ready what the workers need there.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ClusterFailed"/>.</exception>
    Task PrepareAsync(CancellationToken stop);

    /// <summary>The ports that a worker tries, in order: of the worker itself, and its gateway's, by which steps come in.</summary>
    IEnumerable<WorkerPorts> Ports { get; }

    /// <summary>Has a worker find the others.</summary>
    void Use(ISiloBuilder worker, WorkerPorts ports);

    /// <summary>Has a step find the workers.</summary>
    void Use(IClientBuilder step);

    /// <summary>Whether the cluster is known to have ended.</summary>
    Task<bool> HasEndedAsync(CancellationToken stop);
}
