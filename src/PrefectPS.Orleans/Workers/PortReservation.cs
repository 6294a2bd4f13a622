using System.Net;
using System.Net.Sockets;
using PrefectPS.Orleans.Membership;

namespace PrefectPS.Orleans.Workers;

/// <summary>Reserves a worker's ports on this machine until disposed or the process ends.</summary>
/// <remarks>
/// Orleans opens its sockets with port sharing, so listening does not reveal whether a port is free. The UDP ports of the same
/// numbers, otherwise unused, serve as locks.
/// </remarks>
internal sealed class PortReservation : IDisposable
{
    private readonly Socket[] _held;

    private PortReservation(Socket[] held) => _held = held;

    /// <summary>Reserves a pair of free ports.</summary>
    /// <returns>The reservation; null where one of them is taken.</returns>
    public static PortReservation? TryTake(WorkerPorts ports)
    {
        var held = new List<Socket>();
        try
        {
            foreach (var port in new[] { ports.Silo, ports.Gateway })
            {
                held.Add(Bind(SocketType.Dgram, ProtocolType.Udp, new(IPAddress.Loopback, port)));
                Bind(SocketType.Stream, ProtocolType.Tcp, new(IPAddress.Any, port)).Dispose();
            }

            return new([.. held]);
        }
        catch (SocketException)
        {
            held.ForEach(socket => socket.Dispose());
            return null;
        }
    }

    public void Dispose() => Array.ForEach(_held, socket => socket.Dispose());

    private static Socket Bind(SocketType type, ProtocolType protocol, IPEndPoint endpoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
