using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Membership;
using PrefectPS.Orleans.Steps;
using PrefectPS.Orleans.Workers;

namespace PrefectPS.Orleans;

/// <summary>The way into this assembly, which is loaded where a cluster is used first.</summary>
public static class Clusters
{
    /// <summary>A pool of bodies that run in the workers of a cluster.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address is none.</exception>
    public static ClusterBodyPool Connect(FlowCluster cluster, Flow flow, IBodyCourier courier, Action<string> tell) => new(cluster, flow, courier, tell);

    /// <summary>Joins a cluster as a worker, which is one until it is told to end.</summary>
    /// <returns>The worker, once it has joined; it completes with its end.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ClusterFailed"/>; <see cref="FlowErrorId.FlowInvalid"/>: the address is none.</exception>
    public static Task<Task> StartWorkerAsync(FlowCluster cluster, IBodyHost host, WorkerOptions options, CancellationToken end, CancellationToken now) =>
        new Worker(cluster, host, options).StartAsync(end, now);

    /// <summary>The workers of a cluster.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ClusterFailed"/>: nothing answers.</exception>
    public static async Task<IReadOnlyList<FlowWorker>> ListAsync(FlowCluster cluster, TimeSpan patience, Action<string> tell, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(patience);
        try
        {
            await using var client = await ClusterClient.ConnectAsync(cluster, Memberships.Of(cluster), tell, timeout.Token);
            return [.. (await client.LookAsync()).Workers
                .Where(seen => seen.Description is not null)
                .Select(seen => new FlowWorker(seen.Description!.ToProfile(), seen.Silo.Endpoint.ToString(), seen.Description.Running, seen.Description.IsLeaving))
                .OrderBy(worker => worker.Machine, StringComparer.OrdinalIgnoreCase).ThenBy(worker => worker.Since)];
        }
        catch (Exception e) when (e is not FlowException && !stop.IsCancellationRequested)
        {
            throw ClusterErrors.NoWorker(cluster, e);
        }
    }

    /// <summary>Demands that an address is one of a cluster.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>.</exception>
    public static void Check(FlowCluster cluster) => _ = Memberships.Of(cluster);
}
