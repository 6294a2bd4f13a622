using CsCheck;
using Microsoft.Extensions.Time.Testing;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>What a caller that goes on with a flow's newest run begins by its schedule, and when.</summary>
public class ScheduledRunTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();
    private readonly FakeTimeProvider _clock = new(TestFlow.Start); // 08:30:15

    [Fact]
    public void The_first_call_starts_nothing_and_reports_the_next_due_time()
    {
        var run = Call(Hourly());

        Assert.Equal((StateType.Scheduled, false, At(9)), (run.StateType, run.HasPending, run.NextStartTime));
        Assert.Equal("No run is due before 2026-11-24 09:00:00Z.", run.Message);
        Assert.Equal("20261124T090000Z", run.RunId);
        Assert.Empty(_store.AllRuns());
    }

    [Fact]
    public void A_due_time_starts_one_run_which_continues_until_it_is_done()
    {
        Call(Hourly());
        _clock.Advance(TimeSpan.FromMinutes(40));

        Assert.Equal(("20261124T090000Z", StateType.Pending), Ended(Call(Hourly(), maxTasks: 1)));
        Assert.Equal(("20261124T090000Z", StateType.Success), Ended(Call(Hourly(), maxTasks: 1)));
        Assert.Equal(("20261124T100000Z", StateType.Scheduled), Ended(Call(Hourly())));
        Assert.Equal(At(9), _store.AllRuns().Single().ScheduledStartTime);
    }

    [Theory]
    [InlineData(CatchUp.Latest, "12")]
    [InlineData(CatchUp.All, "9 10 11 12")]
    [InlineData(CatchUp.None, "12")]
    public void Missed_times_without_a_caller_follow_CatchUp(CatchUp catchUp, string hours)
    {
        Call(Hourly(catchUp));
        _clock.Advance(TimeSpan.FromHours(4));
        Assert.Equal(hours, Hours(CallAll(catchUp)));
    }

    [Theory]
    [InlineData(CatchUp.Latest, "9 11")]
    [InlineData(CatchUp.All, "9 10 11")]
    [InlineData(CatchUp.None, "9")]
    public void Times_blocked_by_a_run_follow_CatchUp(CatchUp catchUp, string hours)
    {
        Call(Hourly(catchUp));
        _clock.Advance(TimeSpan.FromMinutes(40));
        Call(Hourly(catchUp), maxTasks: 1);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(hours, Hours(CallAll(catchUp)));
    }

    [Theory]
    [InlineData(20, "")]
    [InlineData(40, "9")]
    public void A_time_beyond_MaxLateness_is_skipped(int minutes, string hours)
    {
        Call(Hourly());
        _clock.Advance(TimeSpan.FromMinutes(60)); // 30 minutes late
        Assert.Equal(hours, Hours(CallAll(CatchUp.Latest, TimeSpan.FromMinutes(minutes))));
    }

    [Fact]
    public void A_waiting_run_blocks_nobody_and_continues_when_it_can()
    {
        var pauses = true;
        FlowState Call() => this.Call(Hourly(first: _ => pauses ? throw new FlowSignalException(new State(StateType.Paused, "approve"), endsRun: false) : "ran"));
        Call();
        _clock.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(("20261124T090000Z", StateType.Paused), Ended(Call()));
        Assert.Equal(("20261124T100000Z", StateType.Scheduled), Ended(Call()));

        pauses = false;
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(("20261124T100000Z", StateType.Success), Ended(Call()));
        Assert.Equal(("20261124T110000Z", StateType.Scheduled), Ended(Call()));
        Assert.Equal(StateType.Paused, RecordedRuns.Read(Hourly().Flow, "20261124T090000Z")!.StateType);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_waited_according_to_its_summary_continues_when_it_can(bool isKilled)
    {
        TestFlow Flow(IFlowStore? store = null) =>
            Of(Schedule("0 * * * *"), first: _ => throw new FlowSignalException(new State(StateType.Paused, "approve"), endsRun: false), store);
        Call(Flow());
        _clock.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(("20261124T090000Z", StateType.Paused), Ended(Call(Flow())));
        var request = new ControlRequest("1", RequestKind.Edit, "sender", _clock.GetUtcNow()) { Edit = new(StateType.Success) { Tasks = ["a"] } };
        var flow = Flow(isKilled ? new InterruptedStore(_store, "run-index/flow/open/", () => throw new ProcessKilledException()) : null).Flow;
        var sender = new RequestSender(new(flow.Store!), new("flow", "20261124T090000Z"), flow, flow.Services);
        if (isKilled)
            Assert.Throws<ProcessKilledException>(() => sender.Send(request, TimeSpan.Zero, CancellationToken.None));
        else
            sender.Send(request, timeout: null, CancellationToken.None);

        Assert.Equal(("20261124T090000Z", StateType.Success), Ended(Call(Flow())));
        Assert.Equal(("20261124T100000Z", StateType.Scheduled), Ended(Call(Flow())));
    }

    [Theory]
    [InlineData(CatchUp.Latest, "10")]
    [InlineData(CatchUp.All, "9 10 11")]
    [InlineData(CatchUp.None, "10")]
    public void A_run_created_early_by_id_does_not_consume_other_times(CatchUp catchUp, string hours)
    {
        Call(Hourly(catchUp));
        var killed = new InterruptedStore(_store, "/head.json", () => throw new ProcessKilledException());
        Assert.Throws<ProcessKilledException>(() => Of(Schedule("0 * * * *"), first: null, killed).Recorded().Step("20261124T120000Z"));
        Assert.Equal(("20261124T120000Z", StateType.Success), Ended(Call(Hourly(catchUp))));

        _clock.Advance(TimeSpan.FromMinutes(100)); // 10:10
        var runs = CallAll(catchUp);
        _clock.Advance(TimeSpan.FromMinutes(110)); // 12:00
        Assert.Equal(hours, Hours([.. runs, .. CallAll(catchUp)]));
    }

    [Fact]
    public void A_cleanup_does_not_make_a_time_due_again()
    {
        Call(Hourly());
        _clock.Advance(TimeSpan.FromMinutes(40));
        Call(Hourly());
        RunRemoval.Remove(_store.AllRuns().Single());

        Assert.Equal(StateType.Scheduled, Call(Hourly()).StateType);
        Assert.Empty(_store.AllRuns());
    }

    [Fact]
    public void A_new_rule_has_no_earlier_times_and_others_keep_theirs()
    {
        Call(Of("0 9 * * *"));
        _clock.Advance(TimeSpan.FromMinutes(120)); // 10:30
        Assert.Equal("9", Hours(CallAll(() => Of("0 9 * * *", "0 10 * * *"))));
        Assert.Equal("", Hours(CallAll(() => Of("0 9 * * *", "0 10 * * *"))));
    }

    [Fact]
    public void A_run_created_by_id_is_not_created_again()
    {
        Call(Hourly());
        _clock.Advance(TimeSpan.FromMinutes(40));
        Hourly().Recorded().Step("20261124T090000Z");
        Assert.Equal("", Hours(CallAll(CatchUp.Latest)));
    }

    [Fact]
    public void A_damaged_run_blocks_no_other_and_is_an_error_if_none_is_due()
    {
        Call(Hourly());
        _clock.Advance(TimeSpan.FromMinutes(40));
        Call(Hourly(), maxTasks: 1);
        _store.DeleteAsync(RunFolder.Of("flow", "20261124T090000Z").Head, version: null, CancellationToken.None).Wait();

        Assert.Equal(FlowErrorId.RunDamaged, Assert.Throws<FlowException>(() => Call(Hourly())).Id);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(("20261124T100000Z", StateType.Success), Ended(Call(Hourly())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"rules\":[{\"schedule\":\"@daily\"}]}")]
    [InlineData("[]")]
    public void A_damaged_schedule_record_is_reported_with_a_remedy(string content)
    {
        Call(Hourly());
        using (var bytes = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)))
            _store.WriteAsync(RunFolder.ScheduleOf("flow"), bytes, WriteCondition.Always, CancellationToken.None).Wait();
        var error = Assert.Throws<FlowException>(() => Call(Hourly()));
        Assert.Equal(FlowErrorId.RunDamaged, error.Id);
        Assert.Contains("run-index/flow/schedule.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("delete it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_placeholder_of_the_next_run_is_not_written_and_takes_no_step()
    {
        var flow = Hourly();
        var next = flow.Recorded().Resume();
        Assert.Equal(FlowErrorId.StateInvalid, Assert.Throws<FlowException>(() => PrefectPS.Documents.FlowStateWriter.Write(next)).Id);
        Assert.Equal(FlowErrorId.StateInvalid, Assert.Throws<FlowException>(() => PrefectPS.Documents.PrefectWriter.Write(next)).Id);
        Assert.Same(next, flow.Recorded().Step(next).Run);
        Assert.Empty(flow.Ran);
    }

    // Calls at random, steps of one task or more, and clean-ups between them, against what the documentation says.
    [Fact]
    public void Killed_at_any_call_the_right_run_continues_or_begins() => (
        from catchUp in Gen.Enum<CatchUp>()
        from interval in Gen.Int[1, 90]
        from lateness in Gen.Int[0, 120].Select(minutes => minutes < 60 ? (TimeSpan?)null : TimeSpan.FromMinutes(minutes))
        from calls in Gen.Select(Gen.Int[0, 150], Gen.Int[1, 2], Gen.Bool).Array[1, 25]
        select (catchUp, interval, lateness, calls)).Sample(
        given =>
        {
            var store = RecordedFlowExtensions.NewStore();
            var clock = new FakeTimeProvider(TestFlow.Start);
            var every = TimeSpan.FromMinutes(given.interval);
            var start = At(8);
            var schedule = new FlowSchedule([new IntervalRule(every, start)], TimeZoneInfo.Utc, "UTC") { CatchUp = given.catchUp, MaxLateness = given.lateness };
            DateTimeOffset? begun = null, passed = null;
            var left = 0; // tasks of the run that goes on
            foreach (var (minutes, maxTasks, removes) in given.calls)
            {
                clock.Advance(TimeSpan.FromMinutes(minutes));
                var now = clock.GetUtcNow();
                var isNew = left == 0;
                var times = Enumerable.Range(0, 10_000).Select(i => start + TimeSpan.FromTicks(every.Ticks * i)).TakeWhile(time => time <= now)
                    .Where(time => time >= TestFlow.Start.AddMinutes(given.calls[0].Item1) && !(time <= begun) && !(time < now - given.lateness))
                    .Where(time => given.catchUp != CatchUp.None || !(time <= passed));
                DateTimeOffset? due = !isNew ? begun : given.catchUp == CatchUp.All ? times.Cast<DateTimeOffset?>().Min() : times.Cast<DateTimeOffset?>().Max();

                var flow = new TestFlow(options: new() { Store = store, Schedule = schedule }, clock: clock).Task("a").Task("b", "a");
                var run = flow.Recorded(maxTasks).Resume();

                if (due is null)
                {
                    Assert.Equal(StateType.Scheduled, run.StateType);
                    Assert.True(run.NextStartTime > now);
                    Assert.Empty(flow.Ran);
                    continue;
                }

                Assert.Equal(ScheduledTime.IdOf(due.Value), run.RunId);
                Assert.Equal(Math.Min(maxTasks, isNew ? 2 : left), flow.Ran.Count);
                left = (isNew ? 2 : left) - flow.Ran.Count;
                begun = due;
                if (left > 0)
                    continue;
                passed = now;
                if (!removes)
                    continue;
                foreach (var done in store.AllRuns())
                    RunRemoval.Remove(done);
                passed = null;
            }
        },
        iter: Series.Cases(200, 20_000));

    private static DateTimeOffset At(int hour) => new(2026, 11, 24, hour, 0, 0, TimeSpan.Zero);

    private static (string RunId, StateType State) Ended(FlowState run) => (run.RunId, run.StateType);

    private static string Hours(IEnumerable<FlowState> runs) => string.Join(' ', runs.Select(run => ScheduledTime.Find(run.RunId)!.Value.Hour));

    private TestFlow Hourly(CatchUp catchUp = CatchUp.Latest, TimeSpan? lateness = null, Func<TaskArguments, object?>? first = null) =>
        Of(Schedule("0 * * * *") with { CatchUp = catchUp, MaxLateness = lateness }, first);

    private TestFlow Of(params string[] rules) => Of(Schedule(rules), first: null);

    private TestFlow Of(FlowSchedule schedule, Func<TaskArguments, object?>? first, IFlowStore? store = null) =>
        new TestFlow(options: new() { Store = store ?? _store, Schedule = schedule }, clock: _clock).Task("a", first ?? (_ => null)).Task("b", "a");

    private static FlowSchedule Schedule(params string[] rules) => new([.. rules.Select(rule => CronRule.TryParse(rule, out _)!)], TimeZoneInfo.Utc, "UTC");

    private FlowState Call(TestFlow flow, int? maxTasks = null) => flow.Recorded(maxTasks).Resume();

    private List<FlowState> CallAll(CatchUp catchUp, TimeSpan? lateness = null) => CallAll(() => Hourly(catchUp, lateness));

    // The runs that are gone on with, or begin, until none is due.
    private List<FlowState> CallAll(Func<TestFlow> flow)
    {
        var runs = new List<FlowState>();
        for (var run = Call(flow()); run.StateType != StateType.Scheduled; run = Call(flow()))
            runs.Add(run);
        return runs;
    }
}
