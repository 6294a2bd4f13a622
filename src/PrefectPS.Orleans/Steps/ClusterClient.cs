using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using PrefectPS.Cluster;
using PrefectPS.Orleans.Membership;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>A step's Orleans client: not a member of the cluster, connected through any worker's gateway.</summary>
internal sealed class ClusterClient : IAsyncDisposable
{
    private const int Routers = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly IHost _host;
    private readonly IGrainFactory _grains;

    private ClusterClient(IHost host)
    {
        _host = host;
        _grains = host.Services.GetRequiredService<IGrainFactory>();
    }

    /// <summary>Connects.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="membership">The cluster's membership.</param>
    /// <param name="log">Receives Orleans' warnings.</param>
    /// <param name="stop">Cancels the attempt.</param>
    /// <exception cref="Exception">No worker can be reached.</exception>
    public static async Task<ClusterClient> ConnectAsync(FlowCluster cluster, IMembership membership, Action<string> log, CancellationToken stop)
    {
        await membership.CheckAsync(stop);
        var host = SiloSettings.NewHost(log)
            .UseOrleansClient((_, client) =>
            {
                SiloSettings.Use(client, cluster);
                membership.Use(client);
                client.ConfigureServices(SiloSettings.AddSerializer);
            })
            .Build();
        try
        {
            await host.StartAsync(stop);
            return new(host);
        }
        catch
        {
            await DisposeAsync(host);
            throw;
        }
    }

    /// <summary>Creates the reference through which workers call this step.</summary>
    public ICoordinator ReferenceTo(ICoordinator coordinator) => _grains.CreateObjectReference<ICoordinator>(coordinator);

    /// <summary>Gets the cluster as some worker sees it.</summary>
    public Task<ClusterView> GetViewAsync() => Router.GetView().WaitAsync(Patience);

    /// <summary>A router at random, as the worker behind one may be unresponsive. Workers keep each activated router, so there are few.</summary>
    public IWorkerRouter Router => _grains.GetGrain<IWorkerRouter>(RandomNumberGenerator.GetInt32(Routers));

    public ValueTask DisposeAsync() => DisposeAsync(_host);

    private static async ValueTask DisposeAsync(IHost host)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await host.StopAsync(patience.Token);
            if (host is IAsyncDisposable disposable)
                await disposable.DisposeAsync();
        }
        catch (Exception)
        {
            // A broken connection cannot be closed cleanly.
        }
    }
}
