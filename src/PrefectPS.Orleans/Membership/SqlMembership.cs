using Npgsql;
using Orleans.Hosting;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans.Membership;

/// <summary>That which a SQL database holds.</summary>
internal static class SqlMembership
{
    private const string PostgresInvariant = "Npgsql";

    public static ServerMembership Postgres(FlowCluster cluster)
    {
        var connection = cluster.ConnectionString ?? PostgresConnection(cluster);
        return new(
            worker => worker.UseAdoNetClustering(sql => (sql.Invariant, sql.ConnectionString) = (PostgresInvariant, connection)),
            step => step.UseAdoNetClustering(sql => (sql.Invariant, sql.ConnectionString) = (PostgresInvariant, connection)),
            async stop =>
            {
                await using var source = NpgsqlDataSource.Create(connection);
                await using var opened = await source.OpenConnectionAsync(stop);
            });
    }

    public static ServerMembership SqlServer(FlowCluster cluster) => throw ClusterErrors.AddressUnknown(cluster);

    private static string PostgresConnection(FlowCluster cluster)
    {
        var uri = Memberships.UriOf(cluster);
        var (user, password) = Memberships.CredentialOf(cluster, uri);
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : NpgsqlConnection.DefaultPort,
            Database = uri.AbsolutePath.Trim('/') is { Length: > 0 } name ? Uri.UnescapeDataString(name) : "postgres",
            Username = user,
            Password = password,
            Timeout = 5, // s
        }.ConnectionString;
    }
}
