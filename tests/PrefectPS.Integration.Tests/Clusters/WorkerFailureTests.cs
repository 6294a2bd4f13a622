using System.Globalization;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>Bodies whose worker dies, freezes or ends, with real processes: each outcome is recorded once.</summary>
[Trait("Load", "heavy")]
public sealed class WorkerFailureTests(EmulatorFixture emulators)
{
    private static int _databases;

    // One file each: concurrent appends to one file may overwrite each other.
    private const string Marks = "[IO.File]::WriteAllText(\"$env:LAB_MARKS/$(New-Guid).txt\", $n)";

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

    [Fact]
    public async Task A_frozen_worker_that_was_declared_dead_is_ignored_and_rejoins()
    {
        await using var lab = new ClusterLab(await RedisAddressAsync(), $$"""
            $flow = New-Flow frozen -Store $Store {
                task slow { $n = 'slow'; {{Marks}}; Start-Sleep -Seconds 3; "by $PID" }
                task after { param($by) $n = 'after'; {{Marks}}; Start-Sleep -Seconds 12; $by } -InputFrom @{ by = 'slow' }
                task last { $n = 'last'; {{Marks}} } -After after
            }
            """);
        var first = await lab.StartWorkerAsync();
        var step = lab.StartStep("$run = Invoke-Flow $flow -Cluster $Cluster; \"$($run.State) $($run.Tasks[0].Result) then $($run.Tasks[1].Result)\"");
        await WaitForMarksAsync(lab, 1);
        await first.SignalAsync("STOP");
        var second = await lab.StartWorkerAsync();
        await WaitForMarksAsync(lab, 2);
        await first.SignalAsync("CONT");
        await first.WaitForAsync("declared this worker dead");
        var text = await step.EndAsync();
        Assert.Contains($"Success by {second.Id} then by {second.Id}", text, StringComparison.Ordinal);
        Assert.Equal(["after", "last", "slow", "slow"], lab.Marks.Order());
    }

    // Quick bodies make the step queue the next ones ahead; these then are slow.
    [Fact]
    public async Task Evicted_queued_bodies_run_once()
    {
        await using var lab = new ClusterLab(await RedisAddressAsync(), $$"""
            $flow = New-Flow ahead -Store $Store {
                task list { 1..60 }
                task each { param($n) {{Marks}}; if ($n -gt 48) { Start-Sleep -Milliseconds 1600 }; $n } -Map @{ n = 'list' }
            }
            """);
        await Task.WhenAll(lab.StartWorkerAsync("""{ "ThrottleLimit": 2 }"""), lab.StartWorkerAsync("""{ "ThrottleLimit": 2 }"""));
        var text = await lab.RunStepAsync("$run = Invoke-Flow $flow -Cluster $Cluster; \"$($run.State) $(($run.Tasks[-1].Result | Measure-Object -Sum).Sum)\"");
        Assert.Contains("Success 1830", text, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 60), lab.Marks.Select(mark => int.Parse(mark, CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public async Task A_body_that_keeps_killing_its_worker_fails_after_the_crash_limit_and_no_other_does()
    {
        await using var lab = new ClusterLab(await RedisAddressAsync(), $$"""
            $flow = New-Flow killers -Store $Store -MaxCrashes 2 {
                task kill { $n = "kill $PID"; {{Marks}}; Stop-Process -Id $PID -Force; Start-Sleep 60 }
                task good { 1..6 }
                task each { param($n) Start-Sleep -Seconds 1; $n } -Map @{ n = 'good' }
            }
            """);
        for (var i = 0; i < 4; i++)
            await lab.StartWorkerAsync();
        var text = await lab.RunStepAsync("$run = Invoke-Flow $flow -Cluster $Cluster; $t = $run.Tasks; \"$($t[0].State) $($t[0].Error.Id) / $($t[2].Result -join ',')\"; $t[0].Message");
        Assert.Contains("Failed FlowTaskCrashed / 1,2,3,4,5,6", text, StringComparison.Ordinal);
        Assert.Contains("ended unexpectedly 2 times while the task ran alone", text, StringComparison.Ordinal);
        Assert.Equal(3, lab.Marks.Length);
    }

    [Fact]
    public async Task The_outcome_of_a_body_is_adopted_by_the_next_step_after_its_step_was_killed()
    {
        await using var lab = new ClusterLab(await RedisAddressAsync(), $$"""
            $flow = New-Flow adopted -Store $Store {
                task quick { $n = 'quick'; {{Marks}}; 'of the first' }
                task slow { $n = 'slow'; {{Marks}}; Start-Sleep -Seconds 4; "once" } -After quick
                task long { $n = 'long'; {{Marks}}; Start-Sleep -Seconds 15; "long" } -After quick
            }
            """);
        await lab.StartWorkerAsync("""{ "ThrottleLimit": 4 }""");
        var step = lab.StartStep("Invoke-FlowStep $flow -RunId one -Cluster $Cluster");
        await WaitForMarksAsync(lab, 3);
        await step.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        var text = await lab.RunStepAsync("$run = Invoke-FlowStep $flow -RunId one -Cluster $Cluster; \"$($run.State) $($run.Tasks.Result -join ', ')\"");
        Assert.Contains("Success of the first, once, long", text, StringComparison.Ordinal);
        Assert.Equal(["long", "quick", "slow"], lab.Marks.Order());
    }

    [Fact]
    public async Task A_worker_that_joins_late_gets_work_and_one_with_another_version_is_named()
    {
        await using var lab = new ClusterLab(await RedisAddressAsync(), "$flow = New-Flow joined -Store $Store { task list { 1..12 }; task each { param($n) Start-Sleep 2; $PID } -Map @{ n = 'list' } }");
        var right = lab.Flow;
        lab.Flow = "$flow = New-Flow joined -Store $Store { task list { 1..9 }; task each { param($n) $PID } -Map @{ n = 'list' } }";
        var other = await lab.StartWorkerAsync();
        lab.Flow = right;
        var step = lab.StartStep("$run = Invoke-Flow $flow -Cluster $Cluster; \"$($run.State) $(@($run.Tasks[1].Result | Sort-Object -Unique) -join ',')\"");
        await step.WaitForAsync("waits for a worker");
        Assert.Contains($"process {other.Id} has another version of flow 'joined'", step.Flat, StringComparison.Ordinal);
        var (first, second) = (await lab.StartWorkerAsync(), await lab.StartWorkerAsync());
        var text = await step.EndAsync();
        Assert.Contains("Success", text, StringComparison.Ordinal);
        Assert.Contains($"{first.Id}", text, StringComparison.Ordinal);
        Assert.Contains($"{second.Id}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_worker_the_step_warns_after_ten_seconds_and_ends_at_its_budget()
    {
        await using var lab = new ClusterLab(await RedisAddressAsync(), "$flow = New-Flow alone -Store $Store { task one { 1 } }");
        var text = await lab.RunStepAsync("$run = Invoke-FlowStep $flow -Cluster $Cluster -TimeBudget 14 -ResetCancelled; \"$($run.State) $($run.HasPending)\"");
        Assert.Contains("Task 'one' of flow 'alone' waits for a worker", text, StringComparison.Ordinal);
        Assert.Contains("Pending True", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_with_an_unserved_tag_causes_a_warning_and_blocks_no_other_task()
    {
        await using var lab = new ClusterLab(await RedisAddressAsync(), $$"""
            $flow = New-Flow stranded -Store $Store {
                task list { 1..3 } -Tag cpu
                task picture { param($n) {{Marks}}; Start-Sleep 60 } -Map @{ n = 'list' } -Tag gpu
                task first { $n = 'first'; {{Marks}}; Start-Sleep 10 } -Tag cpu -After list
                task second { $n = 'second'; {{Marks}} } -Tag cpu -After first
            }
            """);
        var gpu = await lab.StartWorkerAsync("""{ "ThrottleLimit": 3, "Tag": ["gpu"] }""");
        await lab.StartWorkerAsync("""{ "ThrottleLimit": 2, "Tag": ["cpu"] }""");
        var step = lab.StartStep("$run = Invoke-FlowStep $flow -Cluster $Cluster -TimeBudget 26 -ResetCancelled; \"$($run.State)\"");
        await WaitForMarksAsync(lab, 4);
        await gpu.KillAsync();
        await step.WaitForAsync("no worker serves its tag 'gpu'");
        Assert.Contains("Pending", await step.EndAsync(), StringComparison.Ordinal);
        Assert.Contains("second", lab.Marks);
    }

    [Fact]
    public async Task A_worker_told_to_end_waits_for_its_bodies_and_evicts_the_rest()
    {
        await using var lab = new ClusterLab(await RedisAddressAsync(), $$"""
            $flow = New-Flow leaving -Store $Store {
                task short { $n = 'short'; {{Marks}}; Start-Sleep -Seconds 3; $PID }
                task long { $n = 'long'; {{Marks}}; if (@((Get-Content "$env:LAB_MARKS/*") -eq 'long').Count -lt 2) { Start-Sleep -Seconds 120 }; $PID }
            }
            """);
        var first = await lab.StartWorkerAsync("""{ "ThrottleLimit": 2, "GracePeriod": 5 }""");
        var step = lab.StartStep("$run = Invoke-Flow $flow -Cluster $Cluster; \"$($run.State) $($run.Tasks.Result -join ',')\"");
        await WaitForMarksAsync(lab, 2);
        var second = await lab.StartWorkerAsync();
        await first.SignalAsync("TERM");
        var left = await first.EndAsync();
        Assert.Contains("has left the cluster", left, StringComparison.Ordinal);
        Assert.Equal(0, first.ExitCode);
        Assert.Contains($"Success {first.Id},{second.Id}", await step.EndAsync(), StringComparison.Ordinal);
        Assert.Equal(["long", "long", "short"], lab.Marks.Order());
    }

    // The signal reaches the process while it waits for flows from the pipeline.
    [Fact]
    public async Task A_worker_told_to_end_while_waiting_for_flows_lets_its_bodies_and_process_end() =>
        await Task.WhenAll(new[] { "TERM", "INT" }.Select(async signal =>
        {
            await using var lab = new ClusterLab(address: null, $$"""
                $flow = New-Flow waiting { task one { $n = 'one'; {{Marks}}; Start-Sleep -Seconds 2; 'whole' } }
                """);
            var worker = lab.StartStep("& { $flow; Start-Sleep 1000 } | Start-FlowWorker -Cluster $Cluster -Verbose");
            await worker.WaitForAsync("has joined the cluster");
            var step = lab.StartStep("$run = Invoke-Flow $flow -Cluster $Cluster; \"$($run.State) $($run.Tasks.Result)\"");
            await WaitForMarksAsync(lab, 1);
            await worker.SignalAsync(signal);
            await worker.EndAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(0, worker.ExitCode);
            Assert.Contains("Success whole", await step.EndAsync(), StringComparison.Ordinal);
            Assert.Equal(["one"], lab.Marks);
        }));

    [Fact]
    public async Task A_local_cluster_ends_with_its_first_worker_and_the_step_ends_as_at_its_budget()
    {
        await using var lab = new ClusterLab(address: null, $$"""
            $flow = New-Flow local -Store $Store {
                task quick { $n = 'quick'; {{Marks}}; 'done' }
                task long { $n = 'long'; {{Marks}}; Start-Sleep -Seconds 60 } -After quick
            }
            """);
        var (first, second) = (await lab.StartWorkerAsync(), await lab.StartWorkerAsync());
        var step = lab.StartStep("$run = Invoke-FlowStep $flow -Cluster $Cluster -ResetCancelled -ErrorAction Continue; \"$($run.State) $($run.Tasks.State -join ',')\"");
        await WaitForMarksAsync(lab, 2);
        await first.KillAsync();
        var text = await step.EndAsync();
        Assert.Contains("has ended, because its first worker", text, StringComparison.Ordinal);
        Assert.Contains("Pending Success,Pending", text, StringComparison.Ordinal);
        Assert.Contains("has ended, because its first worker", await second.EndAsync(), StringComparison.Ordinal);
        Assert.NotEqual(0, second.ExitCode);
    }

    private static async Task WaitForMarksAsync(ClusterLab lab, int count)
    {
        while (lab.Marks.Length < count)
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    // Each test has a database, and so a cluster, of its own.
    private async Task<string> RedisAddressAsync() => $"redis://127.0.0.1:{(await emulators.RedisAsync()).Port}/{Interlocked.Increment(ref _databases) % 16}";
}
