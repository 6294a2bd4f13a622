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

/// <summary>This process's membership in a cluster.</summary>
internal sealed class WorkerSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly PortReservation _reservation;
    private readonly TaskCompletionSource<string> _declaredDead;

    private WorkerSilo(IHost host, WorkerPorts ports, PortReservation reservation, TaskCompletionSource<string> declaredDead) =>
        (_host, Ports, _reservation, _declaredDead) = (host, ports, reservation, declaredDead);

    /// <summary>The ports it listens on.</summary>
    public WorkerPorts Ports { get; }

    /// <summary>The address it advertises.</summary>
    public string Address => _host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint.ToString();

    /// <summary>Completes, with the reason, when the cluster has declared this worker dead.</summary>
    public Task<string> DeclaredDead => _declaredDead.Task;

    /// <summary>Joins the cluster.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ClusterFailed"/>.</exception>
    public static async Task<WorkerSilo> JoinAsync(
        FlowCluster cluster, IMembership membership, WorkerExecutor executor, IBodyHost host, WorkerOptions options, CancellationToken stop)
    {
        await membership.PrepareAsync(stop);
        foreach (var ports in membership.Ports)
        {
            if (PortReservation.TryTake(ports) is not { } reservation)
                continue;
            var declaredDead = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            var built = Build(cluster, membership, executor, host, ports, options.Address, declaredDead);
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
            timeout.CancelAfter(options.JoinTimeout);
            try
            {
                await built.StartAsync(timeout.Token);
                return new(built, ports, reservation, declaredDead);
            }
            catch (Exception e)
            {
                await DisposeAsync(built);
                reservation.Dispose();
                stop.ThrowIfCancellationRequested();
                if (!IsAddressInUse(e))
                    throw ClusterErrors.NotJoined(cluster, e);
            }
        }

        throw ClusterErrors.NotJoined(cluster, new IOException("no port is free that a worker would listen at"));
    }

    /// <summary>Leaves the cluster gracefully.</summary>
    public async Task LeaveAsync(CancellationToken stop)
    {
        try
        {
            await _host.StopAsync(stop);
        }
        catch (Exception)
        {
            // The others detect it by themselves.
        }
    }

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisposeAsync(_host);
        _reservation.Dispose();
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
            // A host that did not start, or was declared dead, may fail to stop.
        }
    }

    private static IHost Build(
        FlowCluster cluster, IMembership membership, WorkerExecutor executor, IBodyHost host, WorkerPorts ports, IPAddress? given, TaskCompletionSource<string> declaredDead) =>
        SiloSettings.NewHost(text => host.Log(text, isDetail: true))
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
                    services.AddSingleton(executor);
                    services.AddSingleton(cluster);
                    services.AddSingleton<WorkerServiceClient>();
                    services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, UnreachableMembers>();
                    services.AddSingleton<IFatalErrorHandler>(new DeclaredDeadHandler(reason => declaredDead.TrySetResult(reason)));
                });
            })
            .Build();

    private static bool IsAddressInUse(Exception? e) => e is not null
        && (e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } || e.GetType().Name == "AddressInUseException" || IsAddressInUse(e.InnerException)
            || (e is AggregateException all && all.InnerExceptions.Any(IsAddressInUse)));
}
