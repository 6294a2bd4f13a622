using System.Data.Common;
using Microsoft.Data.SqlClient;
using Npgsql;
using Orleans.Hosting;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans.Membership;

/// <summary>That which a SQL database holds.</summary>
internal static class SqlMembership
{
    private const string PostgresInvariant = "Npgsql";
    private const string SqlServerInvariant = "Microsoft.Data.SqlClient";
    private const string ManagedNetworking = "Switch.Microsoft.Data.SqlClient.UseManagedNetworkingOnWindows";

    private const int SqlServerPort = 1433;
    private const int ConnectTimeout = 5; // s

    public static ServerMembership Postgres(FlowCluster cluster) =>
        Of(MembershipSchemes.Postgres, PostgresInvariant, NpgsqlFactory.Instance, cluster.ConnectionString ?? PostgresConnection(cluster));

    public static ServerMembership SqlServer(FlowCluster cluster)
    {
        AppContext.SetSwitch(ManagedNetworking, true); // the module has no native library of it
        return Of(MembershipSchemes.SqlServer, SqlServerInvariant, SqlClientFactory.Instance, cluster.ConnectionString ?? SqlServerConnection(cluster));
    }

    private static ServerMembership Of(string scheme, string invariant, DbProviderFactory factory, string connection) => new(
        worker => worker.UseAdoNetClustering(sql => (sql.Invariant, sql.ConnectionString) = (invariant, connection)),
        step => step.UseAdoNetClustering(sql => (sql.Invariant, sql.ConnectionString) = (invariant, connection)),
        async stop =>
        {
            await using var source = factory.CreateDataSource(connection);
            await using var opened = await source.OpenConnectionAsync(stop);
            await MembershipSchema.EnsureAsync(opened, scheme, stop);
        });

    private static string PostgresConnection(FlowCluster cluster)
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
        }.ConnectionString;
    }

    // Without a name it signs in as who runs this.
    private static string SqlServerConnection(FlowCluster cluster)
    {
        var uri = Memberships.UriOf(cluster);
        var (user, password) = Memberships.CredentialOf(cluster, uri);
        var connection = new SqlConnectionStringBuilder
        {
            DataSource = $"tcp:{uri.Host},{(uri.Port > 0 ? uri.Port : SqlServerPort)}",
            InitialCatalog = DatabaseOf(uri) ?? "master",
            IntegratedSecurity = user is null,
            ConnectTimeout = ConnectTimeout,
        };
        if (user is not null)
            (connection.UserID, connection.Password) = (user, password ?? string.Empty);
        return connection.ConnectionString;
    }

    private static string? DatabaseOf(Uri uri) => uri.AbsolutePath.Trim('/') is { Length: > 0 } name ? Uri.UnescapeDataString(name) : null;
}
