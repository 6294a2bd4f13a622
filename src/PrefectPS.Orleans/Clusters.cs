using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Membership;
using PrefectPS.Orleans.Steps;
using PrefectPS.Orleans.Workers;

namespace PrefectPS.Orleans;

/// <summary>Entry point of this assembly, which is loaded when a cluster is first used.</summary>
public static class Clusters
{
    /// <summary>Creates a pool that runs bodies on the workers of a cluster.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address is invalid.</exception>
    public static ClusterBodyPool Connect(FlowCluster cluster, Flow flow, IBodyMarshaler marshaler, Action<string> log) => new(cluster, flow, marshaler, log);

    /// <summary>Joins a cluster as a worker until told to end.</summary>
    /// <returns>Completes when the worker has joined, with a task that completes when it has ended.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ClusterFailed"/>; <see cref="FlowErrorId.FlowInvalid"/>: the address is invalid.</exception>
    public static Task<Task> StartWorkerAsync(FlowCluster cluster, IBodyHost host, WorkerOptions options, CancellationToken end, CancellationToken now) =>
        new Worker(cluster, host, options).StartAsync(end, now);

    /// <summary>Lists the workers of a cluster.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ClusterFailed"/>: no worker answers.</exception>
    public static async Task<IReadOnlyList<FlowWorker>> ListAsync(FlowCluster cluster, TimeSpan patience, Action<string> log, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(patience);
        try
        {
            await using var client = await ClusterClient.ConnectAsync(cluster, Memberships.Of(cluster), log, timeout.Token);
            return [.. (await client.GetViewAsync()).Workers
                .Where(seen => seen.Status is not null)
                .Select(seen => new FlowWorker(seen.Status!.ToProfile(), seen.Silo.Endpoint.ToString(), seen.Status.Running, seen.Status.IsLeaving))
                .OrderBy(worker => worker.Machine, StringComparer.OrdinalIgnoreCase).ThenBy(worker => worker.Since)];
        }
        catch (Exception e) when (e is not FlowException && !stop.IsCancellationRequested)
        {
            throw ClusterErrors.NoWorker(cluster, e);
        }
    }

    /// <summary>Validates a cluster's address.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>.</exception>
    public static void Check(FlowCluster cluster) => _ = Memberships.Of(cluster);
}
