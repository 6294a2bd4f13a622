using System.Net;
using System.Net.Sockets;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Orleans.Membership;
using PrefectPS.Orleans.Workers;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>Which ports a worker takes for its own.</summary>
public sealed class PortReservationTests
{
    [Fact]
    public void Ports_are_one_worker_s_from_before_it_listens_until_it_ends()
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
    public void A_port_at_which_anybody_listens_is_not_taken()
    {
        using var other = new TcpListener(IPAddress.Loopback, FreePorts.FindLasting());
        other.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true); // as Orleans does
        other.Start();
        var ports = new WorkerPorts(FreePorts.FindLasting(), ((IPEndPoint)other.LocalEndpoint).Port);
        Assert.Null(PortReservation.TryTake(ports));
        using var beside = Assert.IsType<PortReservation>(PortReservation.TryTake(ports with { Gateway = FreePorts.FindLasting() }));
    }
}
