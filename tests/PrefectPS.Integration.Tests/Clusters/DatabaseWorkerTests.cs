using Npgsql;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>Real workers of a cluster whose membership is in a SQL database.</summary>
[Trait("Load", "heavy")]
public sealed class DatabaseWorkerTests(EmulatorFixture emulators)
{
    private const string Flow = "$flow = New-Flow numbers { task list { 1..6 }; task twice { param($n) 2 * $n } -Map @{ n = 'list' } }";

    [Fact]
    public async Task Workers_that_start_at_once_in_an_empty_database_form_one_cluster()
    {
        await using var lab = new ClusterLab(AddressOf(await (await emulators.PostgreSqlAsync()).CreateDatabaseAsync()), Flow);
        await Task.WhenAll(lab.StartWorkerAsync(), lab.StartWorkerAsync());
        var text = await lab.RunStepAsync("""
            $run = Invoke-Flow $flow -Cluster $Cluster
            "$($run.State) $($run.Tasks[-1].Result -join ',') by $(@(Get-FlowWorker $Cluster).Count)"
            """);
        Assert.Contains("Success 2,4,6,8,10,12 by 2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_without_the_right_to_create_tables_names_the_modules_script()
    {
        var database = await (await emulators.PostgreSqlAsync()).CreateDatabaseAsync();
        var role = $"r{Guid.NewGuid():n}";
        await PostgreSqlServer.ExecuteAsync(database, $"create role {role} login password '{PostgreSqlServer.Password}'");
        var text = await FailAsync(AddressOf(new NpgsqlConnectionStringBuilder(database) { Username = role }.ConnectionString));
        Assert.Contains("FlowClusterFailed", text, StringComparison.Ordinal);
        Assert.Contains($"run the script '{Repository.PathOf("bin/net8.0/Orleans/postgres.sql")}' there", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Repository.PathOf("bin/net8.0/Orleans/postgres.sql")));
        Assert.DoesNotContain(PostgreSqlServer.Password, text, StringComparison.Ordinal);
    }

    private static string AddressOf(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        return $"postgres://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{parts.Database}";
    }

    private static async Task<string> FailAsync(string address)
    {
        await using var lab = new ClusterLab(address, Flow);
        return await lab.RunStepAsync("try { Start-FlowWorker $flow $Cluster } catch { \"$($_.FullyQualifiedErrorId) $_\" }");
    }
}
