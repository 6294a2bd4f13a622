using Microsoft.Extensions.Time.Testing;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A schedule without a caller is detected from the store alone.</summary>
public class MissedRunsTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();
    private readonly FakeTimeProvider _clock = new(TestFlow.Start); // 08:30:15

    [Fact]
    public void A_missed_run_is_reported_with_its_id_and_no_start()
    {
        Call();
        _clock.Advance(TimeSpan.FromHours(2)); // 10:30:15
        var run = Assert.Single(Find());
        Assert.Equal(("20261124T090000Z", "flow", null, TestFlow.Start.Date.AddHours(9)), (run.RunId, run.Flow, run.StartTime, run.ScheduledStartTime!.Value.UtcDateTime));
        Assert.Equal("It was due at 2026-11-24 09:00:00Z, and was not started.", run.OverdueReason);
        Assert.Empty(Find("other"));
        Assert.Empty(new MissedRuns(new(_store)).All(_ => true, TimeSpan.FromHours(3), _clock.GetUtcNow(), fault => throw fault));
    }

    [Fact]
    public void Started_or_blocked_runs_are_not_reported_as_missed()
    {
        Call();
        _clock.Advance(TimeSpan.FromMinutes(40));
        Call(maxTasks: 1);
        _clock.Advance(TimeSpan.FromHours(4));
        Assert.Empty(Find()); // the run itself is overdue
        Call();
        Assert.Empty(Find());
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal("20261124T140000Z", Assert.Single(Find()).RunId);
        Flow().Recorded().Step("20261124T140000Z");
        Assert.Empty(Find());
    }

    [Theory]
    [InlineData("no rule", "UTC")]
    [InlineData("0 * * * *", "Mars/Phobos")]
    public void Unknown_rules_and_zones_are_ignored(string rule, string zone)
    {
        using var content = new MemoryStream(new ScheduleRecord("flow", [new(rule, zone, TestFlow.Start.AddDays(-1))], Begun: null).Write("holder"));
        _store.WriteAsync(RunFolder.ScheduleOf("flow"), content, WriteCondition.Always, CancellationToken.None).Wait();
        Assert.Empty(Find());
    }

    [Fact]
    public void An_interval_is_parsed_from_its_text()
    {
        var rule = new IntervalRule(TimeSpan.FromMinutes(90), TestFlow.Start);
        Assert.Equal(rule.NextFrom(TestFlow.Start.AddHours(5), TimeZoneInfo.Utc), IntervalRule.TryParse(rule.Text)!.NextFrom(TestFlow.Start.AddHours(5), TimeZoneInfo.Utc));
        Assert.Null(IntervalRule.TryParse("00:00:00 from 20261124T090000Z"));
        Assert.Null(IntervalRule.TryParse("@daily"));
    }

    private TestFlow Flow() => new TestFlow(
        options: new() { Store = _store, Schedule = new([CronRule.TryParse("0 * * * *", out _)!], TimeZoneInfo.Utc, "UTC") }, clock: _clock).Task("a").Task("b", "a");

    private void Call(int? maxTasks = null) => Flow().Recorded(maxTasks).Resume();

    private IEnumerable<FlowRun> Find(string flow = "flow") =>
        new MissedRuns(new(_store)).All(name => name == flow, TimeSpan.FromHours(1), _clock.GetUtcNow(), fault => throw fault);
}
