using System.Net;
using System.Net.Sockets;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>Ports of loopback on which nobody listens now.</summary>
internal static class FreePorts
{
    // Below the ports that Linux, macOS and Windows give to clients.
    private const int FirstLasting = 20_000;
    private const int LastLasting = 32_000;

    public static int[] Find(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
            listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }

    /// <summary>A port for a server that is restarted, outside the range of client ports.</summary>
    public static int FindLasting()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(FirstLasting, LastLasting));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // someone has it
            }
        }
    }
}
