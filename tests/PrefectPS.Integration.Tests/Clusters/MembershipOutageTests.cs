using Npgsql;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>The membership server is down for a while: bodies continue, and processes started meanwhile report it.</summary>
[Trait("Load", "heavy")]
public sealed class MembershipOutageTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(Series.Cases(sample: 20, whole: 60));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redis_may_be_down_while_bodies_run()
    {
        await using var redis = await Requirement.OrSkipAsync(RedisServer.StartLastingAsync);
        await ProveAsync($"redis://127.0.0.1:{redis.Port}", redis.StopAsync, redis.StartAgainAsync);
    }

    [Fact]
    public async Task PostgreSql_may_be_down_while_bodies_run()
    {
        Assert.SkipUnless(Series.IsWhole, "Only with PREFECTPS_SOAK=1: Redis is the sample.");
        await using var postgres = await Requirement.OrSkipAsync(PostgreSqlServer.StartAsync);
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        var address = $"postgres://{database.Username}:{database.Password}@{database.Host}:{database.Port}/{database.Database}";
        await ProveAsync(address, postgres.StopAsync, postgres.StartAgainAsync);
    }

    private static async Task ProveAsync(string address, Func<Task> stopAsync, Func<Task> startAgainAsync)
    {
        var count = 4 + (int)Outage.TotalSeconds; // of 4 s each, in 4 places
        await using var lab = new ClusterLab(address, $$"""
            $large = New-Flow outage -Store $Store {
                task list { 1..{{count}} }
                task each { param($n) {{ClusterLab.Noted("Start-Sleep -Seconds 4")}}; $n } -Map @{ n = 'list' }
            }
            $small = New-Flow small { task one { 'done' } }
            $flow = $large, $small
            """);
        const string join = """{ "ThrottleLimit": 2 }""";
        var workers = await Task.WhenAll(lab.StartWorkerAsync(join), lab.StartWorkerAsync(join));
        var step = lab.StartStep("$run = Invoke-Flow $large -Cluster $Cluster; \"$($run.State) $($run.Tasks[1].Result -join ','), $(Get-Outcomes $large)\"");
        while (lab.Bodies.Length < 4)
            await Task.Delay(20, Stop);

        await stopAsync();
        var since = Environment.TickCount64;
        var worker = lab.StartStep("try { Start-FlowWorker $flow $Cluster } catch { \"$($_.FullyQualifiedErrorId) $_\" }");
        var brief = lab.StartStep("$run = Invoke-FlowStep $small -Cluster $Cluster -TimeBudget 14 -ResetCancelled; \"$($run.State) $($run.HasPending)\"");
        var patient = lab.StartStep("$run = Invoke-Flow $small -Cluster $Cluster; \"$($run.State) $($run.Tasks.Result)\"");
        var told = await worker.EndAsync();
        Assert.Contains("FlowClusterFailed", told, StringComparison.Ordinal);
        Assert.Contains("find each other cannot be reached", told, StringComparison.Ordinal);
        Assert.Contains("waits for a worker of the cluster", await brief.EndAsync(), StringComparison.Ordinal);
        Assert.Contains("Pending True", brief.Flat, StringComparison.Ordinal);
        await patient.WaitForAsync("waits for a worker of the cluster");
        Assert.False(step.HasExited);
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, Outage.TotalMilliseconds - (Environment.TickCount64 - since))), Stop);
        await startAgainAsync();

        Assert.Contains($"Success {string.Join(',', Enumerable.Range(1, count))}, {count} outcomes of {count} bodies on record", await step.EndAsync(), StringComparison.Ordinal);
        Assert.Contains("Success done", await patient.EndAsync(), StringComparison.Ordinal);
        Assert.All(workers, each => Assert.DoesNotContain("declared this worker dead", each.Text, StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, count), lab.Bodies.Select(body => body.Number).Order());
    }
}
