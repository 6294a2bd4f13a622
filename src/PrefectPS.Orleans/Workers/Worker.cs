using PrefectPS.Cluster;
using PrefectPS.Orleans.Membership;

namespace PrefectPS.Orleans.Workers;

/// <summary>A worker, from start to end.</summary>
internal sealed class Worker(FlowCluster cluster, IBodyHost host, WorkerOptions options)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(5);

    private readonly WorkerExecutor _executor = new(host, options);
    private readonly IMembership _membership = Memberships.Of(cluster);

    /// <summary>Joins the cluster and runs bodies until told to end; then lets running bodies finish and leaves.</summary>
    /// <param name="end">Cancelled to end gracefully.</param>
    /// <param name="now">Cancelled to end without waiting for running bodies.</param>
    /// <returns>Completes when the worker has joined, with a task that completes when it has ended or fails where the cluster has ended.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ClusterFailed"/>: it could not join.</exception>
    public async Task<Task> StartAsync(CancellationToken end, CancellationToken now)
    {
        ListenAddress.Check(options.Address, cluster, _membership);
        try
        {
            return RunAsync(await WorkerSilo.JoinAsync(cluster, _membership, _executor, host, options, end), end, now);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }
    }

    private async Task RunAsync(WorkerSilo silo, CancellationToken end, CancellationToken now)
    {
        try
        {
            LogJoined(silo);
            while (!end.IsCancellationRequested)
            {
                await Task.WhenAny(silo.DeclaredDead, Sleep(LookInterval, end));
                if (silo.DeclaredDead.IsCompleted && !end.IsCancellationRequested)
                {
                    host.Log($"The cluster has declared this worker dead after it was unreachable for a while. Its bodies run elsewhere; it joins again. {await silo.DeclaredDead}", isDetail: false);
                    _executor.DropAll();
                    await silo.DisposeAsync();
                    silo = await RejoinAsync(end);
                    LogJoined(silo);
                }
                else if (_membership.EndsWithFirstWorker && await _membership.HasEndedAsync(end))
                {
                    throw ClusterErrors.Ended(cluster);
                }
            }

            await LeaveAsync(silo, now);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            await LeaveAsync(silo, now);
        }
        finally
        {
            _executor.DropAll();
            await silo.DisposeAsync();
        }
    }

    private void LogJoined(WorkerSilo silo) =>
        host.Log($"Worker at {silo.Address} (steps: port {silo.Ports.Gateway}) has joined the cluster '{cluster}', with {host.Profile.Places} places.", isDetail: false);

    // The membership server may be down for the same reason that this worker was unreachable.
    private async Task<WorkerSilo> RejoinAsync(CancellationToken end)
    {
        while (true)
        {
            try
            {
                return await WorkerSilo.JoinAsync(cluster, _membership, _executor, host, options, end);
            }
            catch (FlowException e) when (e.Id == FlowErrorId.ClusterFailed)
            {
                if (_membership.EndsWithFirstWorker && await _membership.HasEndedAsync(end))
                    throw ClusterErrors.Ended(cluster);
                host.Log($"{e.Message} It is tried again.", isDetail: false);
                await Task.Delay(LookInterval, end);
            }
        }
    }

    private async Task LeaveAsync(WorkerSilo silo, CancellationToken now)
    {
        _executor.Leave();
        var patience = Environment.TickCount64 + (long)options.Grace.TotalMilliseconds;
        if (_executor.Running is > 0 and var running)
            host.Log($"The worker ends: it takes no more bodies, and waits up to {options.Grace.TotalSeconds:0} s for {running} that run.", isDetail: false);
        while (_executor.Running > 0 && Environment.TickCount64 < patience && !now.IsCancellationRequested)
            await Sleep(TimeSpan.FromMilliseconds(50), now);
        if (_executor.Running is > 0 and var left)
        {
            host.Log($"{left} bodies are stopped, and run elsewhere.", isDetail: false);
            _executor.EvictAll();
        }

        var until = Environment.TickCount64 + (long)LeaveTimeout.TotalMilliseconds;
        while (!_executor.HasReportedAll && Environment.TickCount64 < until && !silo.DeclaredDead.IsCompleted)
            await Task.Delay(20, CancellationToken.None);
        using var last = new CancellationTokenSource(LeaveTimeout);
        await silo.LeaveAsync(last.Token);
        host.Log("The worker has left the cluster.", isDetail: false);
    }

    private static async Task Sleep(TimeSpan time, CancellationToken stop)
    {
        try
        {
            await Task.Delay(time, stop);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
