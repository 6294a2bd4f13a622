using System.Security.Cryptography.X509Certificates;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>A Redis server that keeps all in memory.</summary>
/// <remarks>A test that stops it needs one of its own: all others share that of <see cref="EmulatorFixture"/>.</remarks>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _command;
    private GuardedServer? _server;

    private RedisServer(IEnumerable<string> program, int port, Func<TemporaryFolder, IEnumerable<string>> options, string host)
    {
        (Host, Port) = (host, port);
        // Of an option that is there twice, the last one counts.
        _command = [.. program, "--bind", host, "--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", _folder.Path, .. options(_folder)];
    }

    public string Host { get; }

    public int Port { get; }

    /// <summary>Starts one.</summary>
    public static Task<RedisServer> StartAsync() => StartAsync(password: null);

    /// <summary>Starts one that wants a password.</summary>
    public static Task<RedisServer> StartAsync(string? password)
    {
        var port = FreePorts.FindLasting();
        return RunAsync(port, _ => ["--port", $"{port}", .. password is null ? Array.Empty<string>() : ["--requirepass", password]]);
    }

    /// <summary>Starts one that keeps its keys while it is stopped.</summary>
    public static Task<RedisServer> StartLastingAsync()
    {
        var port = FreePorts.FindLasting();
        return RunAsync(port, _ => ["--port", $"{port}", "--save", "3600 1"]);
    }

    /// <summary>Starts one in a network of its own, open to all who reach it.</summary>
    /// <param name="prefix">What starts a program there.</param>
    /// <param name="host">Its address.</param>
    public static Task<RedisServer> StartInAsync(IEnumerable<string> prefix, string host)
    {
        const int port = 6379;
        return RunAsync(port, _ => ["--port", $"{port}", "--protected-mode", "no"], prefix, host);
    }

    /// <summary>Starts one that speaks TLS alone, to whoever trusts its certificate.</summary>
    public static Task<RedisServer> StartTlsAsync(X509Certificate2 certificate)
    {
        var port = FreePorts.FindLasting();
        return RunAsync(port, folder =>
        [
            "--port", "0", "--tls-port", $"{port}", "--tls-auth-clients", "no",
            "--tls-cert-file", folder.Write("certificate.pem", certificate.ExportCertificatePem()),
            "--tls-key-file", folder.Write("key.pem", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
        ]);
    }

    /// <summary>Stops it: nobody listens, and all its keys are gone, but those of a lasting one.</summary>
    public async Task StopAsync()
    {
        if (_server is { } server)
            await server.DisposeAsync();
        _server = null;
    }

    /// <summary>Starts it on the same port, after it was stopped.</summary>
    public async Task StartAgainAsync() => _server = await GuardedServer.StartAsync(_command, () => GuardedServer.IsListeningAsync(Port, Host));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private static async Task<RedisServer> RunAsync(
        int port, Func<TemporaryFolder, IEnumerable<string>> options, IEnumerable<string>? prefix = null, string host = "127.0.0.1")
    {
        var server = new RedisServer([.. prefix ?? [], GuardedServer.Find("redis-server", "Redis")], port, options, host);
        await server.StartAgainAsync();
        return server;
    }
}
