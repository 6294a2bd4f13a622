using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>A server on loopback that ends on disposal or with this process, however that ends.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    // The server gets the signal when this process's end of the pipe is closed; the shell ends with the server.
    private const string Guard = """
        signal=$1; shift
        exec 3<&0
        "$@" </dev/null 3<&- & server=$!
        { cat <&3; kill "-$signal" $server; } >/dev/null 2>&1 & guard=$!
        wait $server; status=$?
        kill $guard
        exit $status
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();

    private GuardedServer(string signal, IEnumerable<string> command)
    {
        _process = Process.Start(new ProcessStartInfo("sh", ["-c", Guard, "sh", signal, .. command])
        {
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

    /// <summary>Starts a server, and waits until it answers.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="answers">Asks it something; throws, or is false, as long as it does not answer.</param>
    /// <param name="signal">The signal that ends it.</param>
    public static async Task<GuardedServer> StartAsync(IEnumerable<string> command, Func<Task<bool>> answers, string signal = "TERM")
    {
        var server = new GuardedServer(signal, command);
        await server.WaitAsync(answers);
        return server;
    }

    /// <summary>The full path of a program.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="package">The package that provides it, for the message.</param>
    /// <param name="folders">Where it may be beside the folders of the path.</param>
    /// <exception cref="EmulatorMissingException">It is not here.</exception>
    public static string Find(string program, string package, params IEnumerable<string> folders)
    {
        if (OperatingSystem.IsWindows())
            throw new EmulatorMissingException($"'{program}' is only started on Linux and macOS.");
        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Concat(folders)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? throw new EmulatorMissingException($"There is no '{program}': install {package}.");
    }

    /// <summary>Connects to a port, of loopback unless said otherwise.</summary>
    public static async Task<bool> IsListeningAsync(int port, string host = "127.0.0.1")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host, port);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitAsync(Func<Task<bool>> answers)
    {
        for (var start = Stopwatch.StartNew(); ; await Task.Delay(Pause))
        {
            try
            {
                if (await answers())
                    return;
            }
            catch (Exception e) when (e is SocketException or HttpRequestException && !_process.HasExited && start.Elapsed < Patience)
            {
            }
            catch (Exception e) when (e is SocketException or HttpRequestException)
            {
                throw new InvalidOperationException($"The server does not answer. It said: {string.Join('\n', _said)}", e);
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
