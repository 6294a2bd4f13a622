using System.Net;
using System.Net.Sockets;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Orleans.Membership;
using PrefectPS.Orleans.Workers;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>The reservation of a worker's ports.</summary>
public sealed class PortReservationTests
{
    [Fact]
    public void Ports_are_reserved_from_before_a_worker_listens_until_it_ends()
    {
        var (silo, gateway) = (FreePorts.FindLasting(), FreePorts.FindLasting());
        using (Assert.IsType<PortReservation>(PortReservation.TryTake(new(silo, gateway))))
        {
            Assert.Null(PortReservation.TryTake(new(silo, FreePorts.FindLasting())));
            Assert.Null(PortReservation.TryTake(new(FreePorts.FindLasting(), gateway)));
        }

        using var next = Assert.IsType<PortReservation>(PortReservation.TryTake(new(silo, gateway)));
    }

    [Fact]
    public void A_port_in_use_is_not_reserved()
    {
        using var other = new TcpListener(IPAddress.Loopback, FreePorts.FindLasting());
        other.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true); // as Orleans does
        other.Start();
        var ports = new WorkerPorts(FreePorts.FindLasting(), ((IPEndPoint)other.LocalEndpoint).Port);
        Assert.Null(PortReservation.TryTake(ports));
        using var beside = Assert.IsType<PortReservation>(PortReservation.TryTake(ports with { Gateway = FreePorts.FindLasting() }));
    }
}
