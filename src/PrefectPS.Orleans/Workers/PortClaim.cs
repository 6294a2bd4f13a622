using System.Net;
using System.Net.Sockets;
using PrefectPS.Orleans.Membership;

namespace PrefectPS.Orleans.Workers;

/// <summary>A worker's ports, which no other worker of this machine takes until this is disposed of or the process ends.</summary>
/// <remarks>
/// Orleans has the system share a port among all who listen at it, so whether one is free cannot be told by listening. The UDP ports of the same
/// numbers, which nobody uses, are not shared.
/// </remarks>
internal sealed class PortClaim : IDisposable
{
    private readonly Socket[] _held;

    private PortClaim(Socket[] held) => _held = held;

    /// <summary>Claims ports that nobody listens at.</summary>
    /// <returns>The claim; null where one of them is taken.</returns>
    public static PortClaim? TryTake(WorkerPorts ports)
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
