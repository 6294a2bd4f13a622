using PrefectPS.Orleans.Wire;
using PrefectPS.Tests.Shared;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>Which bodies dispatched to a worker run, which are queued, and which updates the step gets.</summary>
public sealed class WorkerExecutorTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_queued_body_starts_when_a_place_is_free_and_the_step_is_notified()
    {
        var lab = new ExecutorLab(places: 1, Long);
        Assert.Equal(DispatchOutcome.Accepted, lab.Dispatch("a"));
        Assert.Equal(DispatchOutcome.Full, lab.Dispatch("b", mayWait: false));
        Assert.Equal(DispatchOutcome.Queued, lab.Dispatch("b"));
        Assert.Equal(DispatchOutcome.Queued, lab.Dispatch("b")); // as where its answer was lost
        Assert.Equal(DispatchOutcome.Full, lab.Dispatch("c"));
        Assert.Equal(["a"], lab.Begun);
        lab.End("a");
        Assert.Equal(["a", "b"], lab.Begun);
        Assert.Equal(DispatchOutcome.Accepted, lab.Dispatch("b"));
        lab.End("b");
        Assert.Equal("Returned", await lab.EndOfAsync("b"));
        Assert.Equal(["begins", "Returned"], lab.UpdatesOf("b"));
    }

    [Fact]
    public async Task A_queued_body_that_gets_no_place_in_time_is_evicted_and_never_starts()
    {
        var lab = new ExecutorLab(places: 1, TimeSpan.FromMilliseconds(50));
        lab.Dispatch("long");
        lab.Dispatch("ahead");
        Assert.Equal("Evicted", await lab.EndOfAsync("ahead"));
        lab.End("long");
        Assert.Equal(["long"], lab.Begun);
    }

    [Fact]
    public async Task Asking_for_claims_returns_running_bodies_and_evicts_queued_ones()
    {
        var lab = new ExecutorLab(places: 1, Long);
        lab.Dispatch("runs");
        lab.Dispatch("waits");
        Assert.Equal(["runs"], lab.Executor.GetClaims("run").Select(claim => claim.DispatchId));
        Assert.Equal("Evicted", await lab.EndOfAsync("waits"));
        lab.End("runs");
        Assert.Equal(["runs"], lab.Begun);
    }

    [Fact]
    public async Task Queued_bodies_do_not_delay_one_that_must_run_alone()
    {
        var lab = new ExecutorLab(places: 1, TimeSpan.FromMilliseconds(200));
        lab.Dispatch("runs");
        lab.Dispatch("ahead");
        Assert.Equal(DispatchOutcome.Full, lab.Dispatch("alone", mayWait: false, alone: true));
        lab.End("runs");
        Assert.Equal(["runs"], lab.Begun);
        Assert.Equal(DispatchOutcome.Accepted, lab.Dispatch("alone", mayWait: false, alone: true));
        Assert.Equal("Evicted", await lab.EndOfAsync("ahead"));
        Assert.Equal(["runs", "alone"], lab.Begun);
    }

    [Fact]
    public async Task Running_bodies_never_exceed_the_places_and_each_ends_once()
    {
        var seed = Series.PrintedSeed();
        for (var number = 0; number < Series.Cases(sample: 40, whole: 2_000); number++)
            await TryAsync(Series.Chance(seed, number));
    }

    private static async Task TryAsync(Random chance)
    {
        var lab = new ExecutorLab(chance.Next(1, 4), Long);
        List<string> taken = [];
        for (var i = 0; i < 60; i++)
        {
            switch (chance.Next(6))
            {
                case 0 when lab.Running.Count > 0:
                    lab.End(chance.GetItems(lab.Running.ToArray(), 1)[0]);
                    break;
                case 1 when taken.Count > 0:
                    lab.Executor.Stop(chance.GetItems(taken.ToArray(), 1)[0]);
                    break;
                default:
                    if (lab.Dispatch($"b{i}", mayWait: chance.Next(4) > 0, alone: chance.Next(20) == 0) is not DispatchOutcome.Full)
                        taken.Add($"b{i}");
                    break;
            }

            Assert.True(lab.Running.Count <= lab.Profile.Places);
            Assert.Equal(lab.Running.Count, lab.Executor.Running);
        }

        var begun = lab.Begun.Count;
        lab.Executor.Leave();
        while (lab.Running.Count > 0)
            lab.End(lab.Running[0]);
        Assert.Equal(begun, lab.Begun.Count);
        foreach (var name in taken)
        {
            var end = await lab.EndOfAsync(name);
            Assert.Equal(end, Assert.Single(lab.UpdatesOf(name), told => told != "begins"));
            var times = lab.Begun.Count(other => other == name);
            Assert.True(end switch { "Returned" => times == 1, "Evicted" => times == 0, _ => times <= 1 }, $"{name} has begun {times} times, and ended as {end}");
        }
    }
}
