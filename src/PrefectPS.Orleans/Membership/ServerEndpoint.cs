using System.Net;
using System.Net.Sockets;

namespace PrefectPS.Orleans.Membership;

/// <summary>A TCP endpoint of a server.</summary>
/// <param name="Host">The host name or address.</param>
/// <param name="Port">Its port.</param>
internal readonly record struct ServerEndpoint(string Host, int Port)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Verifies that at least one endpoint accepts connections. The servers' client libraries report failures late or without a reason.</summary>
    /// <exception cref="IOException">No endpoint does; says why.</exception>
    public static async Task EnsureReachableAsync(IReadOnlyCollection<ServerEndpoint> ports, CancellationToken stop)
    {
        var faults = await Task.WhenAll(ports.Select(port => port.FaultAsync(stop)));
        if (ports.Count > 0 && Array.TrueForAll(faults, fault => fault is not null))
            throw new IOException(string.Join("; ", faults));
    }

    private async Task<string?> FaultAsync(CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new DnsEndPoint(Host, Port), timeout.Token);
            return null;
        }
        catch (SocketException e)
        {
            return $"{Host}:{Port}: {new SocketException((int)e.SocketErrorCode).Message}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"{Host}:{Port}: nothing answers";
        }
    }
}
