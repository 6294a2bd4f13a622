using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>A task that is delayed waits from the moment it could have begun, once.</summary>
public class DelayTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static TheoryData<string> Forms { get; } = ["json", "array", "memory"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_delay_counts_from_the_end_of_the_upstream_tasks(string form)
    {
        var flow = new TestFlow { BodyTime = TimeSpan.FromMinutes(10) }.Task("before").Add(Delayed() with { After = ["before"] });
        var run = Travel(flow, flow.Step(flow.New()), form);
        Assert.Equal((StateType.Scheduled, "Delayed by 01:00:00.", TestFlow.Start.AddMinutes(70)), (run.Of("late").StateType, run.Of("late").Message, run.NextStartTime));
        Assert.Equal((StateType.Scheduled, true), (run.StateType, run.HasPending));
        flow.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Same(run, flow.Step(run));
        flow.Clock.Advance(TimeSpan.FromMinutes(1));
        run = Travel(flow, flow.Step(run), form);
        Assert.Equal((StateType.Success, 1), (run.StateType, run.Of("late").RunCount));
        Assert.Null(run.States[1].Wait);
        Assert.Equal(["before", "late"], flow.Ran);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_waiting_step_starts_the_task_after_its_delay(int throttle)
    {
        var flow = new TestFlow().Add(Delayed()).Task("beside");
        var options = new StepOptions { Budget = new() { Wait = true, Throttle = throttle > 0 ? new(throttle) : null }, Pool = throttle > 0 ? new ThreadPoolBodies() : null };
        Assert.Equal(StateType.Success, StepRunner.Run(flow.New(), options, cancellationToken: TestContext.Current.CancellationToken).StateType);
        Assert.Equal(["beside", "late"], flow.Ran);
        Assert.Equal(TestFlow.Start + Hour, flow.Clock.GetUtcNow());
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Retries_passes_of_a_loop_and_polls_are_not_delayed(string form)
    {
        var calls = 0;
        var flow = new TestFlow();
        flow.Add(Delayed(_ => ++calls switch
        {
            1 => throw new InvalidOperationException("no"),
            2 => throw new FlowSignalException(new(StateType.Looped), endsRun: false),
            _ => calls,
        }) with
        {
            Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromMinutes(3)] },
            Poll = new(new AnswerTest(answer => answer is 4)) { Interval = TimeSpan.FromMinutes(5) },
        });
        var times = new List<double>();
        var run = flow.New();
        while (run.HasPending)
        {
            run = Travel(flow, flow.Step(run), form);
            if (run.NextStartTime is not { } next)
                continue;
            times.Add((next - flow.Clock.GetUtcNow()).TotalMinutes);
            flow.Clock.SetUtcNow(next);
        }

        Assert.Equal([60, 3, 5], times);
        Assert.Equal((StateType.Success, 4), (run.StateType, run.Of("late").Result));
    }

    [Fact]
    public void Children_and_subflows_are_delayed()
    {
        var flow = new TestFlow().Task("list", _ => new object[] { 1, 2 }).Add(Delayed() with { Map = [new("n", "list")] });
        flow.Flow.Add(new("sub", null) { Subflow = new TestFlow("inner", clock: flow.Clock).Task("x").Flow, Delay = Hour });
        var run = flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true));
        Assert.Equal([StateType.Scheduled, StateType.Scheduled], run.Of("late").Children.Select(child => child.StateType));
        Assert.Equal(StateType.Scheduled, run.Of("sub").StateType);
        flow.Clock.Advance(Hour);
        Assert.Equal(StateType.Success, flow.Step(run).StateType);
    }

    [Fact]
    public void A_delay_follows_trigger_condition_and_event()
    {
        var flow = new TestFlow();
        flow.Add(new("late", TestFlow.Body((context, _) => $"{context.IsResumed} {context.EventSender}")) { Delay = Hour, Trigger = new ManualOnly(), Event = new("go") });
        var run = AnyFlow.Approve(flow.Step(flow.New()));
        run = flow.Travel(flow.Step(run));
        Assert.Equal("Waiting for event 'go'.", run.Of("late").Message);
        flow.Clock.Advance(Hour);
        run = flow.Travel(flow.Step(run.Given("go")));
        Assert.Equal((StateType.Scheduled, TestFlow.Start + Hour + Hour), (run.Of("late").StateType, run.NextStartTime));
        flow.Clock.Advance(Hour);
        Assert.Equal("True alice@host", flow.Step(run).Of("late").Result);
    }

    [Fact]
    public void Skipped_and_cached_tasks_are_not_delayed()
    {
        var store = RecordedFlowExtensions.NewStore();
        var flow = new TestFlow(options: new() { Store = store }).Add(new("late", TestFlow.Body(_ => 1)) { Target = "late.json", Delay = Hour });
        flow.Add(new("skipped", TestFlow.Body(_ => 1)) { Delay = Hour, Trigger = Trigger.Find("any_failed")! });
        new TestFlow(options: new() { Store = store, Target = "{task_name}.json" }).Task("late", _ => 2).RunAll();
        var run = flow.Step(flow.New());
        Assert.Equal(StateType.Cached, run.Of("late").StateType);
    }

    [Fact]
    public void Approval_ends_a_delay_and_a_reset_renews_it()
    {
        var flow = new TestFlow().Add(Delayed());
        var run = flow.Step(flow.New());
        Assert.Equal(StateType.Success, flow.Step(flow.Travel(Edit(run, StateType.Resume))).StateType);
        flow.Clock.Advance(Hour);
        run = flow.Step(run);
        run = flow.Step(Edit(run, StateType.Pending));
        Assert.Equal((StateType.Scheduled, TestFlow.Start + Hour + Hour), (run.StateType, run.NextStartTime));
    }

    [Fact]
    public void A_task_cancelled_by_a_budget_after_its_delay_starts_in_the_next_step()
    {
        var flow = new TestFlow().Add(Delayed());
        var run = flow.Step(flow.New());
        flow.Clock.Advance(Hour);
        run = flow.Travel(flow.Step(run, maxTasks: 0));
        Assert.Equal(StateType.Cancelled, run.Of("late").StateType);
        Assert.Equal(StateType.Success, flow.Step(run.ResetCancelled()).StateType);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    public void A_task_stopped_during_its_delay_is_delayed_again_and_a_poll_keeps_its_timeout(bool isStopped, int polls)
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() });
        flow.Add(Delayed() with { Poll = new(new AnswerTest(_ => false)) { Interval = TimeSpan.FromMinutes(5), Timeout = Hour + Hour } });
        for (var i = 0; i < polls + 1; i++)
        {
            flow.Recorded().Step("run");
            flow.Clock.Advance(i < polls ? Hour : TimeSpan.FromMinutes(3));
        }

        if (isStopped)
        {
            flow.Ask(RequestKind.Stop);
            flow.Ask(RequestKind.Resume, special: true);
        }
        else
        {
            flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Cancelled, "late"));
            flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "late"));
        }

        var now = flow.Clock.GetUtcNow();
        var run = flow.Recorded().Step("run");
        Assert.Equal((StateType.Scheduled, polls == 0 ? now + Hour : now.AddMinutes(5)), (run.Of("late").StateType, run.NextStartTime));
        Assert.Equal(polls == 0 ? null : now.AddMinutes(-3) + Hour + Hour, run.States[0].Wait!.Until);
        Assert.Equal(2 * polls, flow.Ran.Count);
    }

    [Fact]
    public void A_task_waiting_for_a_slot_after_its_delay_is_not_delayed_again()
    {
        var waiting = State.NotRun.Delay(Hour, TestFlow.Start, 1, isResumed: false).AwaitPlaces(new(StateType.Scheduled, StateMessages.AwaitsPlace("tag", 1)), 1, isResumed: false);
        Assert.False(waiting.IsDelayed);
        Assert.NotNull(waiting.Stop("stopped").Restart().Wait);
    }

    [Fact]
    public void A_recomputed_secret_is_not_delayed_again()
    {
        var flow = new TestFlow();
        flow.Add(Delayed(_ => "password") with { IsSensitive = true });
        flow.Add(new("after", TestFlow.Body(arguments => ((string)arguments[0].Value!).Length)) { InputFrom = [new("x", "late")] });
        var run = flow.Step(flow.New());
        flow.Clock.Advance(Hour);
        run = flow.Travel(flow.Step(run, maxTasks: 1, reset: true));
        Assert.Equal((StateType.Success, 8), flow.Step(run) is var done ? (done.StateType, done.Of("after").Result) : default);
    }

    [Fact]
    public void A_plan_shows_the_end_of_a_delay()
    {
        var flow = new TestFlow().Add(Delayed());
        Assert.Equal("late: Wait (is delayed until 2026-11-24 09:30:15Z)", Plan(flow.New()));
        var run = flow.Step(flow.New());
        Assert.Equal("late: Wait (is delayed until 2026-11-24 09:30:15Z)", Plan(run));
        flow.Clock.Advance(Hour);
        Assert.Equal("late: Run (was delayed until 2026-11-24 09:30:15Z)", Plan(run));
    }

    private static string Plan(FlowState run) => $"{StepPlanner.Plan(run, new(), TestContext.Current.CancellationToken)[0]}";

    private static TaskOptions Delayed(Func<TaskArguments, object?>? body = null) => new("late", TestFlow.Body(body ?? (_ => null))) { Delay = Hour };

    private static FlowState Edit(FlowState run, StateType to) => new TaskEdit(to) { Tasks = ["late"] }.ToStateEdit().Of(run);

    private static FlowState Travel(TestFlow flow, FlowState run, string form) => form switch
    {
        "json" => flow.Travel(run),
        "array" => FlowStateReader.Read(flow.Flow, PrefectWriter.Write(run)).Run,
        _ => run,
    };
}
