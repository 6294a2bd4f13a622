using PrefectPS.Cluster;
using PrefectPS.Orleans.Membership;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>A step's connection to a cluster that may not be up yet.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="take">Receives the workers' updates.</param>
/// <param name="log">Receives diagnostics, from any thread.</param>
internal sealed class ClusterConnection(FlowCluster cluster, Action<BodyUpdate[]> take, Action<string> log) : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly IMembership _membership = Memberships.Of(cluster);
    private readonly Coordinator _coordinator = new(take); // Orleans references observers weakly
    private volatile ClusterClient? _client;
    private long _silentSince = Environment.TickCount64;

    /// <summary>True if a connection was ever established; Orleans restores it by itself.</summary>
    public bool IsConnected => _client is not null;

    /// <summary>Why the last attempt to connect failed; null for no attempt or a connection.</summary>
    public string? Fault { get; private set; }

    /// <summary>The reference through which workers call this step; valid once connected.</summary>
    public ICoordinator Self { get; private set; } = null!;

    /// <summary>A router to any worker; valid once connected.</summary>
    public IWorkerRouter Router => _client!.Router;

    /// <summary>Tries to connect once, and sets <see cref="Fault"/> on failure.</summary>
    public async Task ConnectAsync(CancellationToken stop)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(ConnectTimeout);
            var client = await ClusterClient.ConnectAsync(cluster, _membership, log, patience.Token);
            Self = client.ReferenceTo(_coordinator);
            (_client, Fault) = (client, null);
        }
        catch (Exception e)
        {
            Fault = ClusterErrors.Innermost(e);
            log($"The cluster '{cluster}' cannot be reached: {Fault}");
        }
    }

    /// <summary>Gets the cluster as some worker sees it.</summary>
    /// <returns>The view; null where no worker answers.</returns>
    public async Task<ClusterView?> GetViewAsync()
    {
        try
        {
            var seen = await _client!.GetViewAsync();
            _silentSince = Environment.TickCount64;
            return seen;
        }
        catch (Exception e)
        {
            log($"The cluster '{cluster}' does not answer: {ClusterErrors.Innermost(e)}");
            return null;
        }
    }

    /// <summary>True if the cluster has ended with its first worker, which hosted the membership.</summary>
    public async Task<bool> HasEndedAsync(CancellationToken stop) =>
        Environment.TickCount64 - _silentSince > cluster.FailureTimeout.TotalMilliseconds && _membership.EndsWithFirstWorker && await _membership.HasEndedAsync(stop);

    /// <summary>Calls a worker, and logs a failure.</summary>
    public async Task TryAsync(Func<IWorkerRouter, Task> call)
    {
        if (_client is not { } client)
            return;
        try
        {
            await call(client.Router);
        }
        catch (Exception e)
        {
            log($"A worker of the cluster '{cluster}' does not answer: {ClusterErrors.Innermost(e)}");
        }
    }

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? default;
}
