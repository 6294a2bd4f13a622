using System.Net;
using System.Net.Sockets;

namespace PrefectPS.Orleans.Membership;

/// <summary>Where a server listens.</summary>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its port.</param>
internal readonly record struct ServerPort(string Host, int Port)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Finds out whether anybody listens at one of several. The clients of servers do not say why nobody does, or after a long time.</summary>
    /// <exception cref="IOException">Nobody does, and why.</exception>
    public static async Task ReachAnyAsync(IReadOnlyCollection<ServerPort> ports, CancellationToken stop)
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
