using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs.Control;

/// <summary>What is asked of a run that a step works on is applied by that step.</summary>
public class WorkingRunTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(RequestKind.Stop), false)]
    [InlineData(nameof(RequestKind.Stop), true)]
    [InlineData(nameof(RequestKind.Suspend), false)]
    public void In_a_folder_a_request_takes_effect_before_the_next_body(string asked, bool special)
    {
        var kind = Enum.Parse<RequestKind>(asked);
        TestFlow flow = null!;
        flow = Chain(task =>
        {
            if (task == "b")
                flow.Leave(kind, special: special);
        });
        var run = flow.Recorded(reset: false).Step("run");

        Assert.Equal(["a", "b"], flow.Ran);
        Assert.Equal((kind == RequestKind.Stop, kind == RequestKind.Suspend), (run.IsStopped, run.IsSuspended));
        Assert.Equal([StateType.Success, StateType.Success, kind == RequestKind.Stop ? StateType.Cancelled : StateType.Pending], run.Types());
        Assert.Empty(new RunFiles(_store).List(_store.Incarnation().Inbox));
        Assert.Equal(run.State, Assert.Single(_store.AllRuns()).State);
        Assert.Equal(run.Types(), RecordedRuns.Read(flow.Flow, "run")!.Types());
    }

    [Fact]
    public void Stopping_a_run_stops_its_bodies_and_keeps_what_had_ended()
    {
        TestFlow flow = null!;
        flow = new TestFlow(TimeProvider.System, new() { Store = _store }).Task("quick").Add(new("slow", TestFlow.Body((_, _) =>
        {
            flow.Leave(RequestKind.Stop);
            return ThreadPoolBodies.WaitToBeStopped();
        }))
        { After = ["quick"] }).Task("last", "slow");
        var run = flow.Recorded(throttle: 2).Step("run");
        Assert.Equal([StateType.Success, StateType.Cancelled, StateType.Cancelled], run.Types());
        Assert.Equal(["quick", "slow"], flow.Ran);
    }

    [Theory]
    [InlineData(nameof(RequestKind.Stop), true)]
    [InlineData(nameof(RequestKind.Suspend), false)]
    public void Draining_or_suspending_lets_running_bodies_finish(string asked, bool special)
    {
        var kind = Enum.Parse<RequestKind>(asked);
        TestFlow flow = null!;
        using var hasBegun = new ManualResetEventSlim();
        flow = new TestFlow(TimeProvider.System, new() { Store = _store }).Add(new("slow", TestFlow.Body((_, _) =>
        {
            Assert.True(hasBegun.Wait(TimeSpan.FromSeconds(20), TestEnd));
            flow.Leave(kind, special: special);
            return 1;
        }))).Add(new("looks", TestFlow.Body((_, _) =>
        {
            hasBegun.Set();
            SpinWait.SpinUntil(() => new RunFiles(_store).List(_store.Incarnation().Inbox).Count > 0, TimeSpan.FromSeconds(20));
            return 2;
        }))).Task("last", "slow", "looks");
        var run = flow.Recorded(throttle: 2).Step("run");
        Assert.Equal((StateType.Success, StateType.Success), (run.Of("slow").StateType, run.Of("looks").StateType));
        Assert.DoesNotContain("last", flow.Ran);
        Assert.Equal(kind == RequestKind.Stop ? StateType.Cancelled : StateType.Paused, run.StateType);
    }

    [Fact]
    public void A_waiting_step_ends_at_once_on_a_stop()
    {
        var clock = TimeProvider.System;
        TestFlow flow = null!;
        flow = new TestFlow(clock, new() { Store = _store }).Add(new("a", TestFlow.Body((_, _) =>
        {
            flow.Leave(RequestKind.Suspend);
            throw new FlowSignalException(new(StateType.Scheduled) { DueTime = clock.GetUtcNow().AddHours(1) }, endsRun: true);
        })));
        Assert.Equal((true, StateType.Scheduled), flow.Recorded(wait: true).Step("run") is var run ? (run.IsSuspended, run.Of("a").StateType) : default);
    }

    [Fact]
    public void An_edit_is_applied_between_two_bodies_and_the_step_continues()
    {
        TestFlow flow = null!;
        flow = Chain(task =>
        {
            if (task == "b" && flow.Ran.Count == 2)
                flow.Leave(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "a") with { IncludesDownstream = true });
        });
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(["a", "b", "a", "b", "c"], flow.Ran);
        Assert.Equal(1, RecordedRuns.Read(flow.Flow, "run") is { } run ? run.Step : 0);
    }

    [Fact]
    public void An_edit_of_a_running_task_is_applied_to_its_outcome()
    {
        TestFlow flow = null!;
        flow = Chain(task =>
        {
            if (task == "b")
                flow.Leave(RequestKind.Edit, edit: ControlExtensions.To(StateType.Success, "b") with { HasResult = true, Result = "set" });
        });
        Assert.Equal("set", flow.Recorded().Step("run").Of("b").Result);
        Assert.Equal("set", RecordedRuns.Read(flow.Flow, "run")!.Of("b").Result);
    }

    [Theory]
    [InlineData(FlowDurability.Task)]
    [InlineData(FlowDurability.Batch)]
    [InlineData(FlowDurability.Step)]
    public void Applied_requests_are_recorded_at_any_durability(FlowDurability durability)
    {
        TestFlow flow = null!;
        FlowState? read = null;
        flow = Chain(task =>
        {
            if (task == "a")
                flow.Leave(RequestKind.Edit, edit: ControlExtensions.To(StateType.Success, "b"));
            else
                read = RecordedRuns.Read(flow.Flow, "run");
        });
        flow.Recorded(durability: durability).Step("run");
        Assert.Equal(["a", "c"], flow.Ran);
        Assert.Equal([StateType.Success, StateType.Success, StateType.Pending], read!.Types());
        Assert.Equal(1, read!.Identity.Control.Count);
    }

    [Fact]
    public void In_a_remote_store_a_step_polls_at_its_start_and_at_each_renewal()
    {
        var store = new FaultyStore(_store);
        TestFlow flow = null!;
        flow = new TestFlow(options: new() { Store = store }, lease: new() { RenewalInterval = TimeSpan.FromSeconds(10) });
        for (var i = 0; i < 20; i++)
        {
            flow.Task($"t{i}", _ =>
            {
                flow.Clock.Advance(TimeSpan.FromSeconds(2.5));
                return null;
            });
        }

        flow.Recorded(maxTasks: 1, durability: FlowDurability.Batch).Step("run");
        var before = store.Calls.Count;
        flow.Recorded(maxTasks: 12, durability: FlowDurability.Batch).Step("run");
        string[] looks = [.. store.Calls.Skip(before).Where(call => call.Contains("/inbox/", StringComparison.Ordinal))];
        Assert.Equal(Enumerable.Repeat($"list {_store.Incarnation().Inbox}", 1 + 3), looks); // of thirty seconds
        Assert.Equal(3, store.Calls.Skip(before + 1).Count(call => call.StartsWith("write ", StringComparison.Ordinal) && call.EndsWith("/lease.json", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_step_waits_while_requests_are_applied()
    {
        var flow = Chain(_ => { });
        flow.Recorded(maxTasks: 1).Step("run");
        var files = new RunFiles(_store);
        using var held = Lease.TryTake(files, new RunFolder("flow", "run").Lease, flow.Flow.Services, () => { }, appliesRequests: true)!;
        var slept = 0;
        flow.Sleeps = _ =>
        {
            if (++slept == 3)
                held.Dispose();
        };
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(3, slept);
    }

    [Fact]
    public void A_sender_in_the_runs_own_step_does_not_wait()
    {
        TestFlow flow = null!;
        flow = Chain(task =>
        {
            if (task != "a")
                return;
            var sender = new RequestSender(new(_store), new("flow", "run"), null, flow.Flow.Services);
            var outcome = sender.Send(new("1", RequestKind.Suspend, "body", RequestSender.Stamp(TimeProvider.System)), TimeSpan.FromHours(1), TestEnd);
            Assert.Equal((null, "1"), (outcome.Run, outcome.Id));
        });
        Assert.True(flow.Recorded().Step("run").IsSuspended);
        Assert.Equal(["a"], flow.Ran);
    }

    private TestFlow Chain(Action<string> body)
    {
        var flow = new TestFlow(options: new() { Store = _store });
        foreach (var (task, after) in new[] { ("a", Array.Empty<string>()), ("b", ["a"]), ("c", ["b"]) })
        {
            flow.Task(task, _ =>
            {
                body(task);
                return task;
            }, after);
        }

        return flow;
    }
}
