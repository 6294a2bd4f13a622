using PrefectPS.Cluster;
using PrefectPS.Orleans.Membership;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>A step's contact with a cluster, which it may have to wait for.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="take">Takes what workers tell.</param>
/// <param name="tell">Takes what is of interest to who looks for a fault; called from any thread.</param>
internal sealed class ClusterContact(FlowCluster cluster, Action<Told[]> take, Action<string> tell) : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly IMembership _membership = Memberships.Of(cluster);
    private readonly Coordinator _coordinator = new(take); // kept here: a reference to it does not keep it
    private volatile ClusterClient? _client;
    private long _silentSince = Environment.TickCount64;

    /// <summary>Whether there has been a connection. It restores itself.</summary>
    public bool IsConnected => _client is not null;

    /// <summary>Why there is no connection yet; null for no attempt, and where there is one.</summary>
    public string? Fault { get; private set; }

    /// <summary>What workers are to call this step by; to be asked once connected.</summary>
    public ICoordinator Self { get; private set; } = null!;

    /// <summary>The way to any worker; to be asked once connected.</summary>
    public IGate Gate => _client!.Gate;

    /// <summary>Connects once, or says why it cannot.</summary>
    public async Task ConnectAsync(CancellationToken stop)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(ConnectTimeout);
            var client = await ClusterClient.ConnectAsync(cluster, _membership, tell, patience.Token);
            Self = client.ReferenceTo(_coordinator);
            (_client, Fault) = (client, null);
        }
        catch (Exception e)
        {
            Fault = ClusterErrors.Innermost(e);
            tell($"The cluster '{cluster}' cannot be reached: {Fault}");
        }
    }

    /// <summary>Asks for the workers that there are.</summary>
    /// <returns>What some worker sees; null where none answers.</returns>
    public async Task<ClusterSeen?> LookAsync()
    {
        try
        {
            var seen = await _client!.LookAsync();
            _silentSince = Environment.TickCount64;
            return seen;
        }
        catch (Exception e)
        {
            tell($"The cluster '{cluster}' does not answer: {ClusterErrors.Innermost(e)}");
            return null;
        }
    }

    /// <summary>Whether the cluster is over: its first worker holds what the others find each other by, and is gone.</summary>
    public async Task<bool> HasEndedAsync(CancellationToken stop) =>
        Environment.TickCount64 - _silentSince > cluster.FailureTimeout.TotalMilliseconds && _membership.EndsWithFirstWorker && await _membership.HasEndedAsync(stop);

    /// <summary>Calls a worker that may not answer.</summary>
    public async Task TryAsync(Func<IGate, Task> call)
    {
        if (_client is not { } client)
            return;
        try
        {
            await call(client.Gate);
        }
        catch (Exception e)
        {
            tell($"A worker of the cluster '{cluster}' does not answer: {ClusterErrors.Innermost(e)}");
        }
    }

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? default;
}
