using System.Data.Common;
using Microsoft.Data.SqlClient;
using Npgsql;
using Orleans.Hosting;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans.Membership;

/// <summary>The membership in a SQL database.</summary>
internal static class SqlMembership
{
    private const string PostgresInvariant = "Npgsql";
    private const string SqlServerInvariant = "Microsoft.Data.SqlClient";
    private const string ManagedNetworking = "Switch.Microsoft.Data.SqlClient.UseManagedNetworkingOnWindows";

    private const int SqlServerPort = 1433;
    private const int ConnectTimeout = 5; // s

    public static ServerMembership Postgres(FlowCluster cluster)
    {
        var connection = Memberships.Read(cluster, () => cluster.ConnectionString is { } given ? new NpgsqlConnectionStringBuilder(given) : PostgresConnection(cluster));
        var isOne = connection.Host is { Length: > 0 } host && host.AsSpan().IndexOfAny(',', '/') < 0; // neither a list of hosts nor a Unix socket
        ServerEndpoint[] servers = isOne ? [new(connection.Host!, connection.Port)] : [];
        return Of(cluster, MembershipSchemes.Postgres, PostgresInvariant, NpgsqlFactory.Instance, connection.ConnectionString, servers);
    }

    public static ServerMembership SqlServer(FlowCluster cluster)
    {
        AppContext.SetSwitch(ManagedNetworking, true); // the module does not ship its native library
        var connection = Memberships.Read(cluster, () => cluster.ConnectionString is { } given ? new SqlConnectionStringBuilder(given) : SqlServerConnection(cluster));
        ServerEndpoint[] servers = cluster.ConnectionString is null ? [new(Memberships.UriOf(cluster).Host, SqlServerPortOf(cluster))] : []; // it may name an instance or alias
        return Of(cluster, MembershipSchemes.SqlServer, SqlServerInvariant, SqlClientFactory.Instance, connection.ConnectionString, servers);
    }

    private static ServerMembership Of(
        FlowCluster cluster, string scheme, string invariant, DbProviderFactory factory, string connection, ServerEndpoint[] servers) => new(
        cluster,
        worker => worker.UseAdoNetClustering(sql => (sql.Invariant, sql.ConnectionString) = (invariant, connection)),
        step => step.UseAdoNetClustering(sql => (sql.Invariant, sql.ConnectionString) = (invariant, connection)),
        servers,
        stop => UseAsync(factory, connection, opened => MembershipSchema.CheckAsync(opened, scheme, stop), stop),
        stop => UseAsync(factory, connection, opened => MembershipSchema.EnsureAsync(opened, scheme, stop), stop));

    private static async Task UseAsync(DbProviderFactory factory, string connection, Func<DbConnection, Task> use, CancellationToken stop)
    {
        await using var source = factory.CreateDataSource(connection);
        await using var opened = await source.OpenConnectionAsync(stop);
        await use(opened);
    }

    private static NpgsqlConnectionStringBuilder PostgresConnection(FlowCluster cluster)
    {
        var uri = Memberships.UriOf(cluster);
        var (user, password) = Memberships.CredentialOf(cluster, uri);
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : NpgsqlConnection.DefaultPort,
            Database = DatabaseOf(uri) ?? "postgres",
            Username = user,
            Password = password,
            Timeout = ConnectTimeout,
        };
    }

    // Without a user name it uses integrated security.
    private static SqlConnectionStringBuilder SqlServerConnection(FlowCluster cluster)
    {
        var uri = Memberships.UriOf(cluster);
        var (user, password) = Memberships.CredentialOf(cluster, uri);
        var connection = new SqlConnectionStringBuilder
        {
            DataSource = $"tcp:{uri.Host},{SqlServerPortOf(cluster)}",
            InitialCatalog = DatabaseOf(uri) ?? "master",
            IntegratedSecurity = user is null,
            ConnectTimeout = ConnectTimeout,
        };
        if (user is not null)
            (connection.UserID, connection.Password) = (user, password ?? string.Empty);
        return connection;
    }

    private static int SqlServerPortOf(FlowCluster cluster) => Memberships.UriOf(cluster).Port is > 0 and var port ? port : SqlServerPort;

    private static string? DatabaseOf(Uri uri) => uri.AbsolutePath.Trim('/') is { Length: > 0 } name ? Uri.UnescapeDataString(name) : null;
}
