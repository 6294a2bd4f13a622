using PrefectPS.Cluster;
using PrefectPS.Orleans.Membership;

namespace PrefectPS.Orleans.Workers;

/// <summary>A worker, from its start until it is told to end.</summary>
internal sealed class Worker(FlowCluster cluster, IBodyHost host, WorkerOptions options)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(5);

    private readonly WorkerDesk _desk = new(host, options);
    private readonly IMembership _membership = Memberships.Of(cluster);

    /// <summary>Joins the cluster, and runs bodies until it is told to end; then those that run may end, and it leaves.</summary>
    /// <param name="end">Tells it to end.</param>
    /// <param name="now">Tells it to end without waiting for what runs.</param>
    /// <returns>What it does from then on. <see cref="FlowException"/>, <see cref="FlowErrorId.ClusterFailed"/>: the cluster has ended.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ClusterFailed"/>: it could not join.</exception>
    public async Task<Task> StartAsync(CancellationToken end, CancellationToken now)
    {
        ListenAddress.Check(options.Address, cluster, _membership);
        try
        {
            return RunAsync(await WorkerSilo.JoinAsync(cluster, _membership, _desk, host, options, end), end, now);
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
            TellOfJoining(silo);
            while (!end.IsCancellationRequested)
            {
                await Task.WhenAny(silo.Fallen, Sleep(LookInterval, end));
                if (silo.Fallen.IsCompleted && !end.IsCancellationRequested)
                {
                    host.Tell($"The cluster has declared this worker dead, because it could not be reached for a while. Its bodies run elsewhere; the worker joins again. {await silo.Fallen}", isDetail: false);
                    _desk.DropAll();
                    await silo.DisposeAsync();
                    silo = await RejoinAsync(end);
                    TellOfJoining(silo);
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
            _desk.DropAll();
            await silo.DisposeAsync();
        }
    }

    private void TellOfJoining(WorkerSilo silo) =>
        host.Tell($"Worker at {silo.Address} (steps: port {silo.Ports.Gateway}) has joined the cluster '{cluster}', with {host.Profile.Places} places.", isDetail: false);

    // The server that the workers find each other by may be down for the same reason that it could not be reached.
    private async Task<WorkerSilo> RejoinAsync(CancellationToken end)
    {
        while (true)
        {
            try
            {
                return await WorkerSilo.JoinAsync(cluster, _membership, _desk, host, options, end);
            }
            catch (FlowException e) when (e.Id == FlowErrorId.ClusterFailed)
            {
                if (_membership.EndsWithFirstWorker && await _membership.HasEndedAsync(end))
                    throw ClusterErrors.Ended(cluster);
                host.Tell($"{e.Message} It is tried again.", isDetail: false);
                await Task.Delay(LookInterval, end);
            }
        }
    }

    private async Task LeaveAsync(WorkerSilo silo, CancellationToken now)
    {
        _desk.Leave();
        var patience = Environment.TickCount64 + (long)options.Grace.TotalMilliseconds;
        if (_desk.Running is > 0 and var running)
            host.Tell($"The worker is shutting down: it accepts no more bodies, and waits up to {options.Grace.TotalSeconds:0} s for {running} running bodies.", isDetail: false);
        while (_desk.Running > 0 && Environment.TickCount64 < patience && !now.IsCancellationRequested)
            await Sleep(TimeSpan.FromMilliseconds(50), now);
        if (_desk.Running is > 0 and var left)
        {
            host.Tell($"{left} bodies are stopped, and run elsewhere.", isDetail: false);
            _desk.GiveBackAll();
        }

        var until = Environment.TickCount64 + (long)LastWord.TotalMilliseconds;
        while (!_desk.HasToldAll && Environment.TickCount64 < until && !silo.Fallen.IsCompleted)
            await Task.Delay(20, CancellationToken.None);
        using var last = new CancellationTokenSource(LastWord);
        await silo.LeaveAsync(last.Token);
        host.Tell("The worker has left the cluster.", isDetail: false);
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
