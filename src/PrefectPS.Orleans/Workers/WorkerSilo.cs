using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using PrefectPS.Cluster;
using PrefectPS.Orleans.Membership;

namespace PrefectPS.Orleans.Workers;

/// <summary>This process as a member of a cluster, for as long as it is one.</summary>
internal sealed class WorkerSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly PortClaim _claim;
    private readonly TaskCompletionSource<string> _fallen;

    private WorkerSilo(IHost host, WorkerPorts ports, PortClaim claim, TaskCompletionSource<string> fallen) =>
        (_host, Ports, _claim, _fallen) = (host, ports, claim, fallen);

    /// <summary>Where it listens.</summary>
    public WorkerPorts Ports { get; }

    /// <summary>Its address.</summary>
    public string Address => _host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint.ToString();

    /// <summary>Ends, with the reason, once the cluster has declared it dead.</summary>
    public Task<string> Fallen => _fallen.Task;

    /// <summary>Joins the cluster.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ClusterFailed"/>.</exception>
    public static async Task<WorkerSilo> JoinAsync(FlowCluster cluster, IMembership membership, WorkerDesk desk, IBodyHost host, WorkerOptions options, CancellationToken stop)
    {
        await membership.PrepareAsync(stop);
        foreach (var ports in membership.Ports)
        {
            if (PortClaim.TryTake(ports) is not { } claim)
                continue;
            var fallen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            var built = Build(cluster, membership, desk, host, ports, options.Address, fallen);
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
            timeout.CancelAfter(options.JoinTimeout);
            try
            {
                await built.StartAsync(timeout.Token);
                return new(built, ports, claim, fallen);
            }
            catch (Exception e)
            {
                await DisposeAsync(built);
                claim.Dispose();
                stop.ThrowIfCancellationRequested();
                if (!IsAddressInUse(e))
                    throw ClusterErrors.NotJoined(cluster, e);
            }
        }

        throw ClusterErrors.NotJoined(cluster, new IOException("no port is free that a worker would listen at"));
    }

    /// <summary>Leaves the cluster in good order.</summary>
    public async Task LeaveAsync(CancellationToken stop)
    {
        try
        {
            await _host.StopAsync(stop);
        }
        catch (Exception)
        {
            // The others find out by themselves.
        }
    }

    /// <summary>Ends at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisposeAsync(_host);
        _claim.Dispose();
    }

    private static async Task DisposeAsync(IHost host)
    {
        try
        {
            if (host is IAsyncDisposable disposable)
                await disposable.DisposeAsync();
            else
                host.Dispose();
        }
        catch (Exception)
        {
            // What did not start, or has fallen, may have nothing left to end.
        }
    }

    private static IHost Build(
        FlowCluster cluster, IMembership membership, WorkerDesk desk, IBodyHost host, WorkerPorts ports, IPAddress? given, TaskCompletionSource<string> fallen) =>
        SiloSettings.NewHost(text => host.Tell(text, isDetail: true))
            .UseOrleans((_, silo) =>
            {
                SiloSettings.Use(silo, cluster);
                membership.Use(silo, ports);
                silo.Configure<EndpointOptions>(options =>
                {
                    (options.SiloPort, options.GatewayPort) = (ports.Silo, ports.Gateway);
                    if ((given ?? SiloSettings.AddressOf(cluster)) is { } address)
                        options.AdvertisedIPAddress = address;
                });
                silo.AddGrainService<WorkerService>();
                silo.ConfigureServices(services =>
                {
                    SiloSettings.AddSerializer(services);
                    services.AddSingleton(desk);
                    services.AddSingleton(cluster);
                    services.AddSingleton<WorkerServiceClient>();
                    services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SilentMembers>();
                    services.AddSingleton<IFatalErrorHandler>(new FallenHandler(reason => fallen.TrySetResult(reason)));
                });
            })
            .Build();

    private static bool IsAddressInUse(Exception? e) => e is not null
        && (e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } || e.GetType().Name == "AddressInUseException" || IsAddressInUse(e.InnerException)
            || (e is AggregateException all && all.InnerExceptions.Any(IsAddressInUse)));
}
