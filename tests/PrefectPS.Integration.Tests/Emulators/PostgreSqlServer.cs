using System.Diagnostics;
using Npgsql;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>A PostgreSQL server, its data in a temporary folder.</summary>
/// <remarks>A test that stops it needs one of its own: all others share that of <see cref="EmulatorFixture"/>, and have a database each.</remarks>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    /// <summary>The role that may do everything.</summary>
    public const string Role = "postgres";

    /// <summary>The role's password, which is everyone's.</summary>
    public const string Password = "loopback-only";

    // Debian keeps the programs of each version in a folder that is not on the path.
    private const string DebianFolder = "/usr/lib/postgresql";

    private readonly string _data;
    private readonly string[] _command;
    private GuardedServer? _server;

    private PostgreSqlServer(string data, int port, IEnumerable<string> command)
    {
        _data = data;
        Port = port;
        _command = [.. command];
    }

    public int Port { get; }

    public static async Task<PostgreSqlServer> StartAsync()
    {
        var folders = Directory.Exists(DebianFolder) ? Directory.GetDirectories(DebianFolder).OrderDescending().Select(folder => Path.Combine(folder, "bin")) : [];
        // It does not run as root: then it runs as the user that its package has made.
        string[] user = Environment.IsPrivilegedProcess ? [GuardedServer.Find("setpriv", "util-linux"), "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        var data = Path.Combine(Path.GetTempPath(), $"prefectps-{Guid.NewGuid():n}");
        await InitializeAsync([.. user, GuardedServer.Find("initdb", "PostgreSQL", folders)], data);

        var port = FreePorts.FindLasting();
        var server = new PostgreSqlServer(data, port,
        [
            .. user, GuardedServer.Find("postgres", "PostgreSQL", folders), "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=200",
        ]);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Creates a database that no other test uses.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"d{Guid.NewGuid():n}";
        await ExecuteAsync(ConnectionStringOf("postgres"), $"create database {name}");
        return ConnectionStringOf(name);
    }

    /// <summary>The connection string of a database.</summary>
    public string ConnectionStringOf(string database) => $"Host=127.0.0.1;Port={Port};Username={Role};Password={Password};Database={database}";

    /// <summary>Executes statements.</summary>
    public static async Task ExecuteAsync(string connectionString, string statements)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(statements);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Stops it at once, dropping connections; committed data stays.</summary>
    public async Task StopAsync()
    {
        if (_server is { } server)
            await server.DisposeAsync();
        _server = null;
    }

    /// <summary>Starts it on the same port, after it was stopped.</summary>
    public async Task StartAgainAsync() => _server = await GuardedServer.StartAsync(_command, AnswersAsync, signal: "INT");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_data, recursive: true);
    }

    private static async Task InitializeAsync(IEnumerable<string> initdb, string data)
    {
        using var folder = new TemporaryFolder();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Path, File.GetUnixFileMode(folder.Path) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        string[] command =
        [
            .. initdb, "-D", data, "-U", Role, "-A", "scram-sha-256", "--pwfile", folder.Write("password", Password), "-E", "UTF8", "--locale=C", "--no-sync",
        ];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"initdb failed with exit code {process.ExitCode}: {error}{await output}");
    }

    // The port is open before it takes connections.
    private async Task<bool> AnswersAsync()
    {
        await GuardedServer.IsListeningAsync(Port);
        try
        {
            await ExecuteAsync(ConnectionStringOf("postgres"), "select 1");
            return true;
        }
        catch (NpgsqlException e) when (e.IsTransient)
        {
            return false;
        }
    }
}
