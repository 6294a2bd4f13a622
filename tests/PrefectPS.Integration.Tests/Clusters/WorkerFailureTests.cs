using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>What happens to bodies whose worker dies, freezes or ends, with real processes: each outcome is on record once.</summary>
[Trait("Load", "heavy")]
public sealed class WorkerFailureTests(EmulatorFixture emulators)
{
    private const string Marks = "[IO.File]::AppendAllText(\"$env:LAB_MARKS/$PID.txt\", \"$n`n\")";


    [Fact]
    public async Task A_body_whose_worker_is_killed_runs_on_another_one()
    {
        await using var lab = new ClusterLab(await RedisAddressAsync(), $$"""
            $flow = New-Flow killed -Store $Store {
                task list { 1..6 }
                task slow { param($n) {{Marks}}; Start-Sleep -Seconds 2; $n } -Map @{ n = 'list' }
            }
            """);
        var (first, second) = (await lab.StartWorkerAsync(), await lab.StartWorkerAsync());
        var step = lab.StartStep("$run = Invoke-Flow $flow -Cluster $Cluster; \"$($run.State) $($run.Tasks[-1].Result -join ',')\"");
        await WaitForMarksAsync(lab, 4);
        await first.KillAsync();
        Assert.Contains("Success 1,2,3,4,5,6", await step.EndAsync(), StringComparison.Ordinal);
        Assert.False(second.HasExited);
        Assert.Equal(["1", "2", "3", "4", "5", "6"], lab.Marks.Distinct().Order());
    }

    private static async Task WaitForMarksAsync(ClusterLab lab, int count)
    {
        while (lab.Marks.Length < count)
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    private async Task<string> RedisAddressAsync() => $"redis://127.0.0.1:{(await emulators.RedisAsync()).Port}";
}
