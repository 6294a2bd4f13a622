using Azure.Data.Tables;
using Orleans.Hosting;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans.Membership;

/// <summary>The membership in an Azure table.</summary>
internal static class TableMembership
{
    private const string Table = "PrefectPSWorkers";

    public static ServerMembership Of(FlowCluster cluster)
    {
        var connection = cluster.ConnectionString ?? throw ClusterErrors.ConnectionStringNeeded(cluster);
        var client = Memberships.Read(cluster, () => new TableServiceClient(connection));
        return new(
            cluster,
            worker => worker.UseAzureStorageClustering(table => (table.TableServiceClient, table.TableName) = (client, Table)),
            step => step.UseAzureStorageClustering(table => (table.TableServiceClient, table.TableName) = (client, Table)),
            [new(client.Uri.Host, client.Uri.Port)],
            _ => Task.CompletedTask, // a step's SAS may be limited to the one table
            async stop => await client.CreateTableIfNotExistsAsync(Table, stop));
    }
}
