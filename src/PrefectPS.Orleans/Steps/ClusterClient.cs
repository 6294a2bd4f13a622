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

/// <summary>A step's way to the workers: it is no member of the cluster, and comes in by the gateway of any of them.</summary>
internal sealed class ClusterClient : IAsyncDisposable
{
    private const int Gates = 32;

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
    /// <param name="membership">Where its workers find each other.</param>
    /// <param name="tell">Told what Orleans warns of.</param>
    /// <param name="stop">Ends the attempt.</param>
    /// <exception cref="Exception">There is no worker, or none is to be reached.</exception>
    public static async Task<ClusterClient> ConnectAsync(FlowCluster cluster, IMembership membership, Action<string> tell, CancellationToken stop)
    {
        await membership.DemandAsync(stop);
        var host = SiloSettings.NewHost(tell)
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

    /// <summary>What others are to call this step by.</summary>
    public ICoordinator ReferenceTo(ICoordinator coordinator) => _grains.CreateObjectReference<ICoordinator>(coordinator);

    /// <summary>The workers that there are, as some worker sees it.</summary>
    public Task<ClusterSeen> LookAsync() => Gate.Look().WaitAsync(Patience);

    /// <summary>Another gate each time: the worker behind one may not answer. A worker keeps each that was used, so there are few.</summary>
    public IGate Gate => _grains.GetGrain<IGate>(RandomNumberGenerator.GetInt32(Gates));

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
            // A connection that is broken ends as well as one can.
        }
    }
}
