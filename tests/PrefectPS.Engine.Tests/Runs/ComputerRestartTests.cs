using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A task requests a computer restart: its Success is recorded first, the step ends, and the next one continues after it.</summary>
public class ComputerRestartTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();
    private readonly List<string> _told = [];

    [Theory]
    [InlineData(FlowDurability.Task)]
    [InlineData(FlowDurability.Batch)]
    [InlineData(FlowDurability.Step)]
    public void A_restart_request_records_the_success_and_ends_the_step(FlowDurability durability)
    {
        var flow = Make().Task("before").Add(new("patch", RestartingFlow.Body("patched")) { After = ["before"] }).Task("check", "patch").Task("other");
        var restart = NewRestart();

        flow.Restarting(restart, durability, told: _told).Step("run");

        Assert.Equal(("patch", 1), Assert.Single(Asked(restart)));
        Assert.Equal(["before", "patch"], flow.Ran);
        var text = $"Computer '{Environment.MachineName}' restarts after this step has ended, because task 'patch' requested it.";
        Assert.Equal(text, Assert.Single(_told));
        var run = RecordedRuns.Read(flow.Flow, "run")!;
        Assert.Equal([StateType.Success, StateType.Success, StateType.Pending, StateType.Pending], run.States.Select(state => state.Type));
        Assert.Equal("patched", run.Of("patch").Result);
        Assert.Contains(Log(), line => line.Source == FlowLogSource.Warning && line.Text == text && line.Task == "patch");

        var again = NewRestart();
        run = flow.Restarting(again, durability).Step("run");
        Assert.Equal(StateType.Success, run.StateType);
        Assert.Empty(again.AskedBy);
        Assert.Equal(["before", "patch", "check", "other"], flow.Ran);
    }

    [Fact]
    public void Without_ResetCancelled_the_rest_is_cancelled_as_by_a_budget()
    {
        var flow = Make().Add(new("patch", RestartingFlow.Body())).Task("check", "patch");
        var run = flow.Restarting(NewRestart(), reset: false).Step(flow.New()).Run;
        Assert.True(run.Of("check").Inner.IsCancelledByBudget);
        Assert.Equal(StateType.Success, flow.Restarting(NewRestart()).Step(run.RunId).StateType);
    }

    [Fact]
    public void The_last_task_of_a_run_may_request_a_restart()
    {
        var restart = NewRestart();
        var run = Make().Add(new("patch", RestartingFlow.Body())).Restarting(restart).Step("run");
        Assert.Equal(StateType.Success, run.StateType);
        Assert.Single(restart.AskedBy);
    }

    [Fact]
    public void Two_consecutive_requests_cause_two_restarts()
    {
        var flow = Make().Add(new("one", RestartingFlow.Body())).Add(new("two", RestartingFlow.Body()) { After = ["one"] }).Task("end", "two");
        List<int> restarts = [];
        for (var step = 0; step < 3; step++)
        {
            var restart = NewRestart();
            flow.Restarting(restart).Step("run");
            restarts.Add(restart.AskedBy.Count);
        }

        Assert.Equal([1, 1, 0], restarts);
        Assert.Equal(["one", "two", "end"], flow.Ran);
    }

    [Fact]
    public void A_child_may_request_a_restart_and_its_siblings_follow_afterwards()
    {
        var flow = Make().Task("list", _ => new object[] { 1, 2, 3 });
        flow.Add(new("each", TestFlow.Body((context, arguments) => Equals(arguments[0].Value, 2) ? throw RestartingFlow.Signal("two") : "other")) { Map = [new("n", "list")] });
        flow.Add(new("sum", TestFlow.Body(x => string.Join(",", (object[])x[0].Value!))) { InputFrom = [new("all", "each")] });
        var restart = NewRestart();

        var run = flow.Restarting(restart).Step("run");

        Assert.Equal(("each[1]", 1), Assert.Single(Asked(restart)));
        Assert.Equal([StateType.Success, StateType.Success, StateType.Pending], run.Of("each").Inner.Children!.Select(child => child.Type));
        run = flow.Restarting(NewRestart()).Step("run");
        Assert.Equal("other,two,other", run.Of("sum").Result);
        Assert.Equal(["list", "each", "each", "each", "sum"], flow.Ran);
    }

    [Fact]
    public void A_task_in_a_subflow_may_request_a_restart()
    {
        var inmost = new TestFlow("inmost").Add(new("patch", RestartingFlow.Body())).Task("check", "patch");
        var inner = new TestFlow("inner").Add(new("deep", Body: null) { Subflow = inmost.Flow });
        var flow = Make().Add(new("sub", Body: null) { Subflow = inner.Flow }).Task("end", "sub");
        var restart = NewRestart();

        flow.Restarting(restart, told: _told).Step("run");

        Assert.Equal(("sub/deep/patch", 1), Assert.Single(Asked(restart)));
        Assert.Equal(StateType.Success, flow.Restarting(NewRestart()).Step("run").StateType);
        Assert.Equal(["patch", "check"], inmost.Ran);
    }

    [Fact]
    public void Concurrent_bodies_finish_before_the_restart_and_none_starts()
    {
        using var hasAsked = new ManualResetEventSlim();
        var flow = Make(TimeProvider.System);
        flow.Add(new("beside", TestFlow.Body(_ =>
        {
            Assert.True(hasAsked.Wait(TimeSpan.FromSeconds(30)));
            Thread.Sleep(100);
            return "finished";
        })));
        flow.Add(new("patch", TestFlow.Body((_, _) =>
        {
            hasAsked.Set();
            throw RestartingFlow.Signal();
        })));
        flow.Task("late", "beside");
        var restart = NewRestart();

        var run = flow.Restarting(restart, throttle: 2).Step("run");

        Assert.Single(restart.AskedBy);
        Assert.Equal("finished", run.Of("beside").Result);
        Assert.Equal(StateType.Pending, run.Of("late").Inner.Type);
    }

    [Fact]
    public void Concurrent_bodies_are_stopped_at_the_deadline_and_run_again()
    {
        var stops = 0;
        var flow = Make(TimeProvider.System);
        flow.Add(new("beside", TestFlow.Body(_ => ++stops == 1 ? ThreadPoolBodies.WaitToBeStopped() : "finished")));
        flow.Add(new("patch", RestartingFlow.Body()));
        var restart = NewRestart();

        var run = flow.Restarting(restart, throttle: 2, time: TimeSpan.FromSeconds(1)).Step("run");

        Assert.Single(restart.AskedBy);
        Assert.Equal(StateType.Pending, run.Of("beside").Inner.Type);
        run = flow.Restarting(NewRestart(), throttle: 2).Step("run");
        Assert.Equal("finished", run.Of("beside").Result);
        Assert.Single(flow.Ran, "patch");
    }

    [Fact]
    public void Concurrent_requests_cause_one_restart()
    {
        using var both = new Barrier(2);
        var flow = Make(TimeProvider.System);
        foreach (var name in new[] { "one", "two" })
        {
            flow.Add(new(name, TestFlow.Body((_, _) =>
            {
                both.SignalAndWait(TimeSpan.FromSeconds(30));
                throw RestartingFlow.Signal();
            })));
        }

        var restart = NewRestart();
        Assert.Equal(StateType.Success, flow.Restarting(restart, throttle: 2).Step("run").StateType);
        Assert.Equal(2, restart.AskedBy.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_a_durable_record_a_restart_request_fails_the_task(bool isInMemory)
    {
        var flow = isInMemory ? Make() : new TestFlow();
        flow.Add(new("patch", RestartingFlow.Body())).Task("check", "patch");
        var restart = new ComputerRestart(outlivesRestart: !isInMemory);
        var run = flow.Restarting(restart).Step(flow.New()).Run;

        Assert.Empty(restart.AskedBy);
        Assert.Equal(StateType.Failed, run.StateType);
        Assert.Equal(FlowErrorId.RunNotOnRecord, run.Of("patch").Inner.Error!.Id);
        Assert.Contains("could not continue afterwards", run.Of("patch").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_computer_is_not_restarted()
    {
        var flow = Make().Add(new("patch", TestFlow.Body((_, _) => throw RestartingFlow.Signal(computer: "another"))));
        var restart = NewRestart();
        var run = flow.Restarting(restart).Step("run");
        Assert.Empty(restart.AskedBy);
        Assert.Equal(FlowErrorId.RestartFailed, run.Of("patch").Inner.Error!.Id);
        Assert.Contains("'another'", run.Of("patch").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tested_flow_continues_as_if_the_computer_had_restarted()
    {
        var flow = new TestFlow().Add(new("patch", RestartingFlow.Body("patched"))).Add(new("check", TestFlow.Body(x => x[0].Value)) { InputFrom = [new("x", "patch")] });
        Assert.Equal("patched", flow.RunAll().Of("check").Result);
    }

    [Fact]
    public void A_rerun_for_a_lost_secret_does_not_request_again()
    {
        var flow = Make().Add(new("patch", RestartingFlow.Body("secret")) { IsSensitive = true });
        flow.Add(new("check", TestFlow.Body(x => x.Count)) { InputFrom = [new("x", "patch")] });
        flow.Restarting(NewRestart()).Step("run");

        var restart = NewRestart();
        var run = flow.Restarting(restart, told: _told).Step("run");

        Assert.Equal(StateType.Success, run.StateType);
        Assert.Empty(restart.AskedBy);
        Assert.Equal(["patch", "patch", "check"], flow.Ran);
        Assert.Contains("only for its result", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_handler_may_revoke_a_restart_request()
    {
        var flow = Make(handler: new RefusingHandler()).Add(new("patch", RestartingFlow.Body())).Task("check", "patch");
        var restart = NewRestart();
        var run = flow.Restarting(restart, told: _told).Step("run");
        Assert.Empty(restart.AskedBy);
        Assert.Equal(StateType.Failed, run.Of("patch").Inner.Type);
        Assert.Equal($"Computer '{Environment.MachineName}' does not restart: task 'patch', which requested it, is Failed.", Assert.Single(_told));
    }

    [Fact]
    public void A_condition_may_request_a_restart()
    {
        var flow = Make().Add(new("patch", TestFlow.Body(_ => null)) { When = new AskingCondition() }).Task("check", "patch");
        var restart = NewRestart();
        flow.Restarting(restart).Step("run");
        Assert.Single(restart.AskedBy);
        Assert.Empty(flow.Ran);
        Assert.Equal(StateType.Success, flow.Restarting(NewRestart()).Step("run").StateType);
    }

    [Fact]
    public void A_failed_restart_is_logged()
    {
        var flow = Make().Add(new("patch", RestartingFlow.Body())).Task("check", "patch");
        var run = flow.Restarting(NewRestart()).Step("run");
        RunSession.AddLine(run, "patch", attempt: 1, FlowLogSource.Error, "could not be restarted");
        Assert.Equal(("patch", 1, FlowLogSource.Error, "could not be restarted"), Log().Select(line => (line.Task, line.Attempt, line.Source, line.Text)).Last());
        Assert.Equal(StateType.Success, flow.Restarting(NewRestart()).Step("run").StateType);
        Assert.Equal(["patch", "check"], flow.Ran);
    }

    [Theory]
    [InlineData(FlowDurability.Task, 0)]
    [InlineData(FlowDurability.Batch, 0)]
    [InlineData(FlowDurability.Step, 0)]
    [InlineData(FlowDurability.Task, 2)]
    public void A_restart_killed_at_any_write_does_not_loop(FlowDurability durability, int throttle)
    {
        var isKilled = true;
        for (var call = 1; isKilled; call++)
        {
            isKilled = false;
            foreach (var isAfter in new[] { false, true })
                isKilled |= RunKilledAt(call, isAfter, durability, throttle);
        }
    }

    // The first process is killed at a store call; each restart ends a process, too.
    private static bool RunKilledAt(int call, bool isAfter, FlowDurability durability, int throttle)
    {
        var store = RecordedFlowExtensions.NewStore();
        List<string> ran = [], onRecord = [];
        var (restarts, kills) = (0, 0);
        FlowState? run = null;
        for (var process = 0; run is not { IsOver: true }; process++)
        {
            Assert.True(process < 5, $"Killed at call {call}, it does not end.");
            var dying = new DyingStore(store, process == 0 ? call : 0, isAfter);
            var flow = Chain(dying);
            var restart = NewRestart();
            run = null;
            try
            {
                run = flow.Restarting(restart, durability, throttle).Step("run");
                restarts += restart.AskedBy.Count;
                dying.HasEnded = true;
            }
            catch (ProcessKilledException)
            {
                kills++;
            }

            Assert.Empty(onRecord.Intersect(flow.Ran));
            ran.AddRange(flow.Ran);
            onRecord = RecordedRuns.Read(Chain(store).Flow, "run") is { } read ? [.. read.Tasks.Where(task => task.Inner.IsFinished).Select(task => task.Slug)] : [];
            if (restart.AskedBy.Count > 0 && run is not null)
                Assert.Equal(["before", "patch"], onRecord);
        }

        Assert.InRange(restarts, 1 - kills, 1);
        Assert.Equal(["before", "check", "patch"], ran.Distinct().Order(StringComparer.Ordinal));
        Assert.InRange(ran.Count, 3, 3 + (2 * kills));
        return kills > 0;
    }

    private static TestFlow Chain(IFlowStore store) =>
        new TestFlow(options: new() { Store = store }).Task("before").Add(new("patch", RestartingFlow.Body()) { After = ["before"] }).Task("check", "patch");

    private TestFlow Make(TimeProvider? clock = null, IStateHandler? handler = null)
    {
        var options = new FlowOptions { Store = _store, StateHandlers = handler is null ? [] : [handler] };
        return clock is null ? new(options: options) : new(clock, options);
    }

    private static ComputerRestart NewRestart() => new(outlivesRestart: true);

    private static (string Task, int Attempt)[] Asked(ComputerRestart restart) => [.. restart.AskedBy.Select(by => (by.Task, by.Attempt))];

    private IReadOnlyList<FlowLogEntry> Log() => RunLog.Find(_store, "flow", "run")!.ReadNext(fault => throw fault)!;

    private sealed class RefusingHandler : IStateHandler
    {
        public FlowTaskState? Handle(FlowTaskState old, FlowTaskState current) =>
            current.Inner.Type == StateType.Success && current.Slug == "patch" ? throw new InvalidOperationException("not today") : null;
    }

    private sealed class AskingCondition : ITaskCondition
    {
        public string Source => "asks";

        public bool IsMet(FlowContext context, TaskArguments arguments) => throw RestartingFlow.Signal();
    }
}
