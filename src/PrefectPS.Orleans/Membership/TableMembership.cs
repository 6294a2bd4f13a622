using Azure.Data.Tables;
using Orleans.Hosting;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans.Membership;

/// <summary>That which an Azure table holds.</summary>
internal static class TableMembership
{
    private const string Table = "PrefectPSWorkers";

    public static ServerMembership Of(FlowCluster cluster)
    {
        var connection = cluster.ConnectionString ?? throw ClusterErrors.ConnectionStringNeeded(cluster);
        var client = new TableServiceClient(connection);
        return new(
            worker => worker.UseAzureStorageClustering(table => (table.TableServiceClient, table.TableName) = (client, Table)),
            step => step.UseAzureStorageClustering(table => (table.TableServiceClient, table.TableName) = (client, Table)),
            async stop => await client.CreateTableIfNotExistsAsync(Table, stop));
    }
}
