using System.Diagnostics;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>A worker is partitioned while running bodies, for longer than the failure timeout, and then rejoins.</summary>
[Trait("Load", "heavy")]
public sealed class NetworkCutTests
{
    private const string Sample = "membership";
    private const int Numbers = 30;

    private static readonly TimeSpan MinCut = TimeSpan.FromSeconds(12); // longer than the time after which silence is death
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(25);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("others, step")]
    [InlineData(Sample)]
    [InlineData("others, step, membership")]
    [InlineData("others, membership")]
    public async Task A_run_survives_a_network_partition(string from)
    {
        Assert.SkipUnless(Series.IsWhole || from == Sample, $"Only with PREFECTPS_SOAK=1: '{Sample}' is the sample.");
        await using var network = await CutNetwork.CreateAsync();
        await using var redis = await Requirement.OrSkipAsync(() => RedisServer.StartInAsync(network.First.Prefix, network.First.Address));
        await using var lab = new ClusterLab($"redis://{network.First.Address}:{redis.Port}", $$"""
            $flow = New-Flow cut -Store $Store {
                task list { 1..{{Numbers}} }
                task each { param($n) {{ClusterLab.Noted("Start-Sleep -Seconds 4")}}; $n } -Map @{ n = 'list' }
            }
            """) { ClusterOptions = "-AllowUnencrypted" };
        NetworkNode[] places = [await network.AddAsync(), await network.AddAsync(), await network.AddAsync(), await network.AddAsync()];
        var workers = await Task.WhenAll(places[..3].Select(place => lab.StartWorkerAsync(node: place)));
        var stepPlace = await network.AddAsync();
        var step = lab.StartStep("$run = Invoke-Flow $flow -Cluster $Cluster; \"$($run.State) $($run.Tasks[1].Result -join ','), $(Get-Outcomes $flow)\"", stepPlace);
        while (workers.Any(worker => !Array.Exists(lab.Bodies, body => body.ProcessId == worker.Id)))
            await Task.Delay(20, Stop);

        var isReached = !from.Contains("others", StringComparison.Ordinal);
        var isGone = from.Contains("step", StringComparison.Ordinal);
        NetworkNode[] apart =
        [
            .. !isReached ? places[1..] : [],
            .. isGone ? [stepPlace] : Array.Empty<NetworkNode>(),
            .. from.Contains("membership", StringComparison.Ordinal) ? [network.First] : Array.Empty<NetworkNode>(),
        ];
        await CutNetwork.CutAsync(places[0], apart);
        var since = Stopwatch.StartNew();
        var cut = lab.Bodies.Where(body => body.ProcessId == workers[0].Id).Select(body => body.Number).ToArray();
        var late = await lab.StartWorkerAsync(node: places[3]);
        TestContext.Current.TestOutputHelper?.WriteLine($"The late worker had joined after {since.Elapsed}.");
        TimeSpan? first = null;
        while (isGone && cut.Count(RunsElsewhere) is var moved && moved < cut.Length)
        {
            first ??= moved > 0 ? since.Elapsed : null;
            Assert.True(since.Elapsed < MaxDelay, $"{string.Join(", ", cut)} of the worker that is cut off run nowhere else.");
            await Task.Delay(20, Stop);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"What it ran had begun elsewhere after {since.Elapsed}, the first after {first ?? since.Elapsed}: each has a worker to itself.");
        if (since.Elapsed < MinCut)
            await Task.Delay(MinCut - since.Elapsed, Stop);
        await CutNetwork.JoinAsync(places[0], apart);

        var text = await step.EndAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"worker 0:\n{workers[0].Text}\nworker 1:\n{workers[1].Text}\nlate:\n{late.Text}\n{text}");
        Assert.Contains($"Success {string.Join(',', Enumerable.Range(1, Numbers))}, {Numbers} outcomes of {Numbers} bodies on record", text, StringComparison.Ordinal);
        // No surviving worker repeats a body of another survivor, whatever a partitioned worker reports.
        var again = lab.Bodies.GroupBy(body => body.Number).Where(group => group.Count() > 1).ToArray();
        Assert.All(again, group => Assert.Contains(group, body => body.ProcessId == workers[0].Id));
        Assert.All(again, group => Assert.Equal(2, group.Count()));
        if (isReached)
            Assert.Empty(again);
        if (isGone)
            Assert.Equal(cut.Order(), again.Select(group => group.Key).Order());
        if (isReached)
            return;
        await workers[0].WaitForAsync("has declared this worker dead");
        await workers[0].WaitForAsync("has joined the cluster", times: 2);

        bool RunsElsewhere(int number) => Array.Exists(lab.Bodies, body => body.Number == number && body.ProcessId != workers[0].Id);
    }
}
