using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;
using Orleans.Hosting;

namespace PrefectPS.Orleans.Membership;

/// <summary>The membership of one machine, without a server: the first worker hosts it.</summary>
/// <param name="port">The first worker's port; its gateway has the next one.</param>
internal sealed class LocalMembership(int port) : IMembership
{
    public const int UsualPort = 11111;

    private const int MaxWorkers = 200;

    public bool EndsWithFirstWorker => true;

    public IEnumerable<WorkerPorts> Ports => Enumerable.Range(0, MaxWorkers).Select(i => new WorkerPorts(port + (2 * i), port + (2 * i) + 1));

    public async Task CheckAsync(CancellationToken stop)
    {
        if (await HasEndedAsync(stop))
            throw new IOException($"nothing listens at port {port.ToString(CultureInfo.InvariantCulture)} of this machine");
    }

    public Task PrepareAsync(CancellationToken stop) => Task.CompletedTask;

    public void Use(ISiloBuilder worker, WorkerPorts ports) => worker
        .UseDevelopmentClustering(ports.Silo == port ? null : new IPEndPoint(IPAddress.Loopback, port))
        .Configure<EndpointOptions>(options => options.AdvertisedIPAddress = IPAddress.Loopback);

    public void Use(IClientBuilder step) => step.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, port + 1));

    public async Task<bool> HasEndedAsync(CancellationToken stop)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, stop);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }
}
