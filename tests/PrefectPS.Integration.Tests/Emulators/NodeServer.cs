using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>A server that runs in Node, on loopback. It ends when its standard input is closed, and so with this process at the latest.</summary>
internal sealed class NodeServer : IAsyncDisposable
{
    private const int Tries = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();

    private NodeServer(string folder, string script, IEnumerable<string> arguments)
    {
        _process = Process.Start(new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts a server on free ports, and waits until it listens on all of them.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="script">Its script.</param>
    /// <param name="ports">How many ports it listens on.</param>
    /// <param name="arguments">Its arguments, given the ports.</param>
    public static async Task<(NodeServer Server, int[] Ports)> StartAsync(string folder, string script, int ports, Func<int[], IEnumerable<string>> arguments)
    {
        for (var tries = 1; ; tries++)
        {
            var free = FreePorts.Find(ports);
            var server = new NodeServer(folder, script, arguments(free));
            try
            {
                foreach (var port in free)
                    await server.WaitForAsync(port);
                return (server, free);
            }
            catch (InvalidOperationException) when (tries < Tries)
            {
                await server.DisposeAsync(); // someone else took a port
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private async Task WaitForAsync(int port)
    {
        for (var start = Stopwatch.StartNew(); ; await Task.Delay(Pause))
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (!_process.HasExited && start.Elapsed < Patience)
            {
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException($"The emulator does not listen on port {port}. It said: {string.Join('\n', _said)}", e);
            }
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _said.Enqueue(line);
        if (_said.Count > 100)
            _said.TryDequeue(out _);
    }
}
