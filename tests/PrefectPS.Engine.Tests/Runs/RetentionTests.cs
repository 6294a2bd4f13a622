using Microsoft.Extensions.Time.Testing;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>Which runs of a flow are still there once one of them has ended.</summary>
public class RetentionTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider _clock = new(TestFlow.Start);
    private readonly ClockedStore _store;

    public RetentionTests() => _store = new(RecordedFlowExtensions.NewStore(), _clock);

    [Fact]
    public void MaxCount_keeps_the_newest_runs()
    {
        foreach (var id in new[] { "z", "b", "y", "a" })
            End(Make(count: 2), id);
        Assert.Equal(["a", "y"], Ids());
    }

    [Fact]
    public void MaxAge_keeps_recently_ended_runs()
    {
        End(Make(age: 3 * Day), "old");
        _clock.Advance(2 * Day);
        End(Make(age: 3 * Day), "young");
        Assert.Equal(["old", "young"], Ids());
        _clock.Advance(2 * Day);
        End(Make(age: 3 * Day), "new");
        Assert.Equal(["new", "young"], Ids());
    }

    [Fact]
    public void A_removed_run_leaves_nothing_in_the_store()
    {
        End(Make(), "first");
        var bare = Paths().Count();
        for (var i = 0; i < 5; i++)
            End(Make(count: 1), $"run {i}");
        Assert.Equal(bare, Paths().Count());
    }

    [Fact]
    public void The_run_that_just_ended_is_kept_whatever_the_stores_clock_says()
    {
        End(Make(), "other");
        _store.Date(_store.Incarnation("other").Done, _clock.GetUtcNow() + (30 * Day));
        End(Make(age: Day, count: 1), "run");
        Assert.Equal(["run"], Ids());
    }

    [Fact]
    public void Unfinished_and_reopened_runs_are_kept()
    {
        Make().Recorded(maxTasks: 1).Step("half");
        End(Make(), "reopened");
        Reopen("reopened");
        End(Make(), "busy");
        _clock.Advance(30 * Day);
        using var busy = Lease.TryTake(new(_store), RunFolder.Of("flow", "busy").Lease, Make().Flow.Services, () => { });
        Assert.NotNull(busy);
        End(Make(age: Day, count: 1), "run");
        Assert.Equal(["busy", "half", "reopened", "run"], Ids());
    }

    [Fact]
    public void A_run_continued_meanwhile_by_another_process_is_kept()
    {
        End(Make(), "old");
        var interrupted = new InterruptedStore(_store, "/old/lease", () => Reopen("old"));
        Make(new(null, 1), interrupted).Recorded().Step("run");
        Assert.Equal(["old", "run"], Ids());
        Assert.Equal(StateType.Pending, _store.AllRuns().Single(run => run.RunId == "old").StateType);
    }

    [Fact]
    public void The_end_of_a_run_removes_a_few_with_a_bounded_number_of_requests()
    {
        for (var i = 0; i < 60; i++)
            End(Make(), $"run {i:d2}");
        var faulty = new FaultyStore(_store);
        Make(new(null, 3), faulty).Recorded().Step("run");
        Assert.Equal(56, Ids().Length);
        Assert.InRange(faulty.Calls.Count, 20, 200);
        for (var i = 0; i < 14; i++)
            End(Make(count: 3), $"later {i:d2}");
        Assert.Equal(3, Ids().Length);
    }

    [Fact]
    public void A_flow_without_retention_makes_no_extra_request()
    {
        var (one, other) = (new FaultyStore(RecordedFlowExtensions.NewStore()), new FaultyStore(RecordedFlowExtensions.NewStore()));
        Make(retention: null, one).Recorded().Step("run");
        Make(new(null, 1), other).Recorded().Step("run");
        Assert.Equal(one.Calls.Count + 1, other.Calls.Count);
    }

    [Fact]
    public void A_schedule_does_not_repeat_a_removed_run()
    {
        var times = new List<string>();
        var schedule = new FlowSchedule([CronRule.TryParse("0 * * * *", out _)!], TimeZoneInfo.Utc, "UTC") { CatchUp = CatchUp.All };
        for (var i = 0; i < 6; i++)
        {
            var flow = new TestFlow(options: new() { Store = _store, Retention = new(null, 1), Schedule = schedule }, clock: _clock).Task("a");
            if (flow.Recorded().Resume() is { StateType: StateType.Success } run)
                times.Add(run.RunId);
            _clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(5, times.Count);
        Assert.Equal(times.Distinct(), times);
    }

    [Fact]
    public void A_store_failing_during_retention_fails_no_step()
    {
        for (var i = 0; i < 3; i++)
            End(Make(), $"run {i}");
        var calls = new FaultyStore(_store);
        Make(retention: null, calls).Recorded().Step("a");
        var first = calls.Calls.Count + 1;
        for (var call = first; call < first + 12; call++)
        {
            var told = new List<string>();
            var flow = Make(new(null, 1), new FaultyStore(_store).At(call, StoreMishap.Refused));
            var run = StepTaker.Take(new(new RunById(flow.Flow, $"b{call}", RunParameters.None)) { Notices = new Notices(told) }, TestContext.Current.CancellationToken).Run;
            Assert.Equal(StateType.Success, run.StateType);
            Assert.All(told, text => Assert.Contains("could not be removed", text, StringComparison.Ordinal));
        }
    }

    private static void End(TestFlow flow, string runId) => Assert.Equal(StateType.Success, flow.Recorded().Step(runId).StateType);

    private void Reopen(string runId) => Make().Ask(RequestKind.Edit, runId, edit: ControlExtensions.To(StateType.Pending, "b"));

    private TestFlow Make(TimeSpan? age = null, int? count = null, IFlowStore? store = null) => Make(age is null && count is null ? null : new(age, count), store ?? _store);

    private TestFlow Make(RunRetention? retention, IFlowStore? store = null)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        return new TestFlow(options: new() { Store = store ?? _store, Retention = retention }, clock: _clock).Task("a", _ => 1).Task("b", "a");
    }

    private string[] Ids() => [.. _store.AllRuns().Select(run => run.RunId).Order(StringComparer.Ordinal)];

    private IEnumerable<string> Paths() => _store.ListAsync(string.Empty, CancellationToken.None).Wait().Select(entry => entry.Path);
}
