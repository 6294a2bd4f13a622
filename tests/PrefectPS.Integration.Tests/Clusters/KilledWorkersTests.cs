using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>Workers are repeatedly killed while running bodies, and replaced. The run succeeds, with each outcome recorded once.</summary>
[Trait("Load", "heavy")]
public sealed class KilledWorkersTests
{
    private const int Workers = 3;
    private const int Numbers = 300;
    private const int KillsOfWorkersPerKillOfStep = 7;

    // The last bodies outlast the last kill, however slowly workers start.
    private const string Work = "Start-Sleep -Milliseconds 400; while ($n -gt 285 -and -not [IO.File]::Exists(\"$env:LAB_MARKS/enough\")) { Start-Sleep -Milliseconds 100 }";

    private static readonly int Kills = Series.Cases(sample: 5, whole: 50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(Series.Cases(sample: 3, whole: 60));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_whose_workers_are_killed_has_each_outcome_once()
    {
        var seed = Series.PrintedSeed();
        var random = Series.Chance(seed, 0);
        await using var redis = await Requirement.OrSkipAsync(RedisServer.StartAsync);
        await using var lab = new ClusterLab($"redis://127.0.0.1:{redis.Port}", $$"""
            $flow = New-Flow series -Store $Store -MaxCrashes 100 {
                task list { 1..{{Numbers}} }
                task each { param($n) {{ClusterLab.Noted(Work)}}; 2 * $n } -Map @{ n = 'list' }
            }
            """) { ClusterOptions = "-FailureTimeout 3" };
        var workers = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => lab.StartWorkerAsync("{}")));
        var step = StartStep(lab);
        HashSet<int> killed = [];
        for (var kill = 1; kill <= Kills; kill++)
        {
            var number = await RunningOneAsync(lab, workers, random, enough: (kill - 1) * (Numbers - 30) / (Kills + 1), step);
            await workers[number].KillAsync();
            killed.Add(workers[number].Id);
            if (Series.IsWhole && kill % KillsOfWorkersPerKillOfStep == 0)
            {
                await step.KillAsync();
                step = StartStep(lab);
            }

            workers[number] = await lab.StartWorkerAsync("{}");
        }

        await File.WriteAllTextAsync(Path.Combine(lab.Folder, "marks", "enough"), string.Empty, Stop);
        var text = await step.EndAsync(Patience);
        var bodies = lab.Bodies;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills; {bodies.Length} bodies for {Numbers} outcomes, {bodies.Count(body => !body.HasEnded)} of them cut short");
        Assert.Contains($"Success, {Numbers} of {Numbers} right, {Numbers} outcomes of {Numbers} bodies on record", text, StringComparison.Ordinal);
        Assert.True(killed.Count(id => Array.Exists(bodies, body => body.ProcessId == id && !body.HasEnded)) > Kills / 2, "Hardly a worker had bodies when it was killed.");
        Assert.Equal(Enumerable.Range(1, Numbers), bodies.Select(body => body.Number).Distinct().Order());
        // A body on a surviving worker ran once and completely.
        var lived = bodies.Where(body => !killed.Contains(body.ProcessId)).ToArray();
        Assert.All(lived, body => Assert.True(body.HasEnded));
        Assert.Equal(lived.Length, lived.Select(body => body.Number).Distinct().Count());
    }

    private static LabProcess StartStep(ClusterLab lab) => lab.StartStep($$"""
        $run = Invoke-FlowStep $flow -RunId series -Cluster $Cluster
        $each = $run.Tasks[1]
        $right = @(1..{{Numbers}} | Where-Object { $each.Result[$_ - 1] -eq 2 * $_ }).Count
        "$($run.State), $right of $($each.Result.Count) right, $(Get-Outcomes $flow)"
        """);

    // Waits until this many bodies have ended and a worker is running one.
    private static async Task<int> RunningOneAsync(ClusterLab lab, LabProcess[] workers, Random random, int enough, LabProcess step)
    {
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            Assert.False(step.HasExited, $"The step has ended before the last kill: {step.Text}");
            Assert.True(Environment.TickCount64 < until, $"{enough} bodies do not end: {step.Text}");
            var bodies = lab.Bodies;
            var running = workers.Index().Where(each => Array.Exists(bodies, body => body.ProcessId == each.Item.Id && !body.HasEnded)).Select(each => each.Index).ToArray();
            if (bodies.Count(body => body.HasEnded) >= enough && running.Length > 0)
                return running[random.Next(running.Length)];
            await Task.Delay(random.Next(10, 100), Stop);
        }
    }
}
