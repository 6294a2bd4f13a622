using System.Net.Security;
using System.Net.Sockets;
using Npgsql;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>Servers that tests stop and restart on the same port.</summary>
public sealed class ServerTests
{
    [Fact]
    public async Task Redis_is_down_between_stop_and_start()
    {
        await using var redis = await Requirement.OrSkipAsync(RedisServer.StartAsync);
        await AssertIsDownAsync(redis.Port, redis.StopAsync, redis.StartAgainAsync);
    }

    [Fact]
    public async Task Redis_wants_its_password()
    {
        await using var redis = await Requirement.OrSkipAsync(() => RedisServer.StartAsync("a secret"));
        Assert.Equal("-NOAUTH Authentication required.", await PingAsync(new TcpClient("127.0.0.1", redis.Port).GetStream()));
    }

    [Fact]
    public async Task Redis_speaks_TLS_with_its_certificate()
    {
        using var certificate = LoopbackCertificate.Create();
        await using var redis = await Requirement.OrSkipAsync(() => RedisServer.StartTlsAsync(certificate));
        await using var stream = new SslStream(
            new TcpClient("127.0.0.1", redis.Port).GetStream(), leaveInnerStreamOpen: false,
            (_, remote, _, _) => remote?.GetCertHashString() == certificate.Thumbprint);
        await stream.AuthenticateAsClientAsync("localhost");
        Assert.Equal("+PONG", await PingAsync(stream));
    }

    [Fact]
    public async Task PostgreSql_is_down_between_stop_and_start_and_keeps_what_was_committed()
    {
        await using var server = await Requirement.OrSkipAsync(PostgreSqlServer.StartAsync);
        var database = await server.CreateDatabaseAsync();
        await using var connected = new NpgsqlConnection(database);
        await connected.OpenAsync(TestContext.Current.CancellationToken);
        await PostgreSqlServer.ExecuteAsync(database, "create table Kept (Value int)");
        await AssertIsDownAsync(server.Port, server.StopAsync, server.StartAgainAsync);
        await PostgreSqlServer.ExecuteAsync(database, "insert into Kept values (1)");
    }

    private static async Task<string?> PingAsync(Stream stream)
    {
        await stream.WriteAsync("PING\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken);
    }

    private static async Task AssertIsDownAsync(int port, Func<Task> stop, Func<Task> start)
    {
        await GuardedServer.IsListeningAsync(port);
        await stop();
        await Assert.ThrowsAsync<SocketException>(() => GuardedServer.IsListeningAsync(port));
        await start();
        await GuardedServer.IsListeningAsync(port);
    }
}
