using CsCheck;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>Undo on request: effects of a run are reverted in reverse order, once each, as recorded events.</summary>
public class UndoTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();
    private readonly List<string> _undone = [];
    private readonly List<string> _told = [];

    [Fact]
    public void Succeeded_tasks_are_undone_in_reverse_order_with_their_results()
    {
        var flow = Failing();
        Assert.Equal(StateType.Failed, flow.Recorded().Step("run").StateType);

        var asked = flow.Ask(RequestKind.Undo);
        Assert.Equal((StateType.Failed, true, false), (asked.StateType, asked.HasPending, asked.IsOver));
        Assert.Contains("3 tasks still to be undone", asked.Message, StringComparison.Ordinal);
        Assert.Empty(_undone);

        var run = flow.Recorded().Resume();
        Assert.Equal("run", run.RunId);
        Assert.Equal(["vm=vm1", "network=net1"], _undone);
        Assert.Equal((StateType.Failed, false, true), (run.StateType, run.HasPending, run.IsOver));
        Assert.Equal([("read", "Success"), ("network", "Cancelled"), ("vm", "Cancelled"), ("configure", "Cancelled"), ("check", "Failed")], States(run));
        Assert.Equal(["network", "vm", "configure"], run.Tasks.Where(task => task.IsUndone).Select(task => task.Slug));
        Assert.All(run.Tasks.Where(task => task.IsUndone), task => Assert.Null(task.Result));

        Assert.Equal(States(run), States(flow.Recorded().Step("run")));
        Assert.Equal(2, _undone.Count);
    }

    [Fact]
    public void Each_undo_counts_in_the_budget_and_each_step_continues_with_the_next()
    {
        var flow = Failing();
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        Assert.True(flow.Recorded(maxTasks: 1).Step("run").HasPending);
        Assert.Equal(["vm=vm1"], _undone);
        Assert.False(flow.Recorded(maxTasks: 1).Resume().HasPending);
        Assert.Equal(["vm=vm1", "network=net1"], _undone);
    }

    [Fact]
    public void A_succeeded_run_can_be_undone_and_becomes_Cancelled()
    {
        var flow = Make().Add(Task("one", 1)).Add(Task("two", 2, "one"));
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        var run = flow.Recorded().Step("run");
        Assert.Equal(["two=2", "one=1"], _undone);
        Assert.Equal((StateType.Cancelled, true), (run.StateType, run.IsOver));
    }

    [Fact]
    public void An_undo_stops_an_unfinished_run()
    {
        var flow = Make().Add(Task("one", 1)).Add(Task("two", 2, "one"));
        flow.Recorded(maxTasks: 1).Step("run");
        var asked = flow.Ask(RequestKind.Undo, reason: "wrong");
        Assert.True(asked is { IsStopped: true, HasPending: true, StateType: StateType.Cancelled });
        var run = flow.Recorded().Resume();
        Assert.Equal(["one=1"], _undone);
        Assert.Equal(["one"], flow.Ran);
        Assert.True(run is { IsStopped: true, HasPending: false, IsOver: true });
    }

    [Fact]
    public void An_undo_with_nothing_to_do_has_no_effect()
    {
        var flow = Make().Task("one");
        flow.Recorded().Step("run");
        var run = flow.Ask(RequestKind.Undo);
        Assert.Equal((StateType.Success, true), (run.StateType, run.IsOver));
    }

    [Fact]
    public void Children_are_undone_from_the_last_to_the_first()
    {
        var flow = Make().Task("list", _ => new object[] { "a", "b", "c" });
        flow.Add(new("each", TestFlow.Body(x => $"made {x[0].Value}")) { Map = [new("n", "list")], Undo = RecordingUndo.Into(_undone) });
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        var run = flow.Recorded(maxTasks: 2).Step("run");
        Assert.Equal(["each[2]=made c", "each[1]=made b"], _undone);
        run = flow.Recorded().Step("run");
        Assert.Equal("each[0]=made a", _undone[^1]);
        Assert.All(run.Of("each").Inner.Children!, child => Assert.True(child.IsUndone));
        Assert.True(run.IsOver);
    }

    [Fact]
    public void A_subflow_is_undone_with_its_tasks_and_runs_again_when_needed()
    {
        var inner = new TestFlow("inner").Add(Task("a", 1)).Add(Task("b", 2, "a"));
        var flow = Make().Add(Task("first", 0)).Add(new("sub", Body: null) { Subflow = inner.Flow, After = ["first"] }).Add(Task("last", 3, "sub"));
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        while (flow.Recorded(maxTasks: 1).Step("run").HasPending)
            Assert.InRange(_undone.Count, 0, 4);
        Assert.Equal(["last=3", "b=2", "a=1", "first=0"], _undone);
        var run = RecordedRuns.Read(flow.Flow, "run")!;
        Assert.True(run.Of("sub").IsUndone);

        flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "last"));
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(["a", "b", "a", "b"], inner.Ran);
        Assert.Equal(["first", "last", "first", "last"], flow.Ran);
    }

    [Fact]
    public void Successes_in_a_failed_subflow_are_undone_and_rerun()
    {
        var fails = true;
        var inner = new TestFlow("inner").Add(Task("a", 1)).Task("b", _ => fails ? throw new InvalidOperationException("no") : "well", "a");
        var flow = Make().Add(new("sub", Body: null) { Subflow = inner.Flow });
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        var run = flow.Recorded().Step("run");
        Assert.Equal(["a=1"], _undone);
        Assert.Equal(StateType.Failed, run.StateType);
        fails = false;
        flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "sub"));
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(["a", "b", "a", "b"], inner.Ran);
    }

    [Fact]
    public void Work_not_done_by_the_run_is_not_undone()
    {
        var flow = Make();
        flow.Add(Task("found", 1) with { Target = "found.json" }).Add(Task("skipped", 2) with { When = new Never() }).Add(Task("done", 3, "found"));
        flow.Recorded().Step("before");
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        flow.Recorded().Step("run");
        Assert.Equal(["done=3"], _undone);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_task_set_to_Success_by_hand_is_not_undone(bool wasUndone)
    {
        var flow = Make([UndoReason.Failed]).Add(Task("net", 1) with { Body = TestFlow.Body(_ => wasUndone ? 1 : throw new InvalidOperationException("no")) });
        flow.Task("check", _ => throw new InvalidOperationException("no"), "net");
        flow.Recorded().Step("run");
        Assert.Equal(wasUndone ? ["net=1"] : [], _undone);
        _undone.Clear();
        Assert.True(flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Success, "net") with { HasResult = true, Result = "by hand" }) is { HasPending: false });
        flow.Ask(RequestKind.Undo);
        Assert.Equal("by hand", flow.Recorded().Step("run").Of("net").Result);
        Assert.Empty(_undone);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void A_step_that_times_out_a_run_undoes_it_within_its_own_budget(int? minutes)
    {
        var flow = new TestFlow(options: new() { Store = _store, UndoOn = [UndoReason.Failed], RunTimeout = TimeSpan.FromHours(1) });
        var stopped = new List<bool>();
        var undo = new RecordingUndo((context, _) =>
        {
            stopped.Add(context.CancellationToken.IsCancellationRequested);
            flow.Clock.Advance(TimeSpan.FromMinutes(2));
            context.CancellationToken.ThrowIfCancellationRequested();
        });
        flow.Add(Task("one", 1) with { Undo = undo }).Task("two", "one");
        flow.Recorded(maxTasks: 1).Step("run");
        flow.Clock.Advance(TimeSpan.FromHours(2));
        var run = flow.Recorded(time: minutes is { } given ? TimeSpan.FromMinutes(given) : null).Step("run");
        Assert.Equal([false], stopped);
        Assert.Equal((StateType.Failed, minutes is not null, minutes is null), (run.StateType, run.HasPending, run.Of("one").IsUndone));
        Assert.Null(run.Of("one").UndoError);
        Assert.False(flow.Recorded().Step("run").HasPending);
        Assert.Equal(minutes is null ? 1 : 2, stopped.Count);
    }

    [Fact]
    public void A_suspended_run_is_undone_once_resumed()
    {
        var flow = Failing();
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        Assert.True(flow.Ask(RequestKind.Suspend) is { StateType: StateType.Paused, HasPending: false });
        flow.Recorded().Step("run");
        Assert.Empty(_undone);
        flow.Ask(RequestKind.Resume);
        flow.Recorded().Step("run");
        Assert.Equal(["vm=vm1", "network=net1"], _undone);
    }

    [Fact]
    public void An_undo_cannot_request_a_restart()
    {
        var flow = Make().Add(Task("one", 1) with { Undo = new RecordingUndo((_, _) => throw RestartingFlow.Signal()) });
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        var run = Step(flow);
        Assert.False(run.Of("one").IsUndone);
        Assert.Contains("-RestartComputer can be used in the script block of a task", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_undo_is_retried_like_its_task_and_then_reported()
    {
        var attempts = 0;
        var flow = Make().Add(Task("network", 1));
        flow.Add(Task("vm", 2, "network") with
        {
            Retry = new() { MaxRetries = 2, Delays = [TimeSpan.FromMinutes(5)] },
            Undo = new RecordingUndo((_, _) => throw new InvalidOperationException($"locked {++attempts}")),
        });
        flow.Add(Task("other", 3));
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);

        var run = Step(flow);
        Assert.Equal(1, attempts);
        Assert.Equal(["other=3"], _undone);
        Assert.Equal((true, flow.Clock.GetUtcNow().AddMinutes(5)), (run.HasPending, run.NextStartTime));
        Assert.Equal("locked 1", run.Of("vm").UndoError!.Message);
        flow.Clock.Advance(TimeSpan.FromMinutes(5));
        Step(flow);
        Assert.Empty(_told);
        flow.Clock.Advance(TimeSpan.FromMinutes(5));
        run = Step(flow);

        Assert.Equal(3, attempts);
        Assert.StartsWith("FlowUndoFailed: Task 'vm' could not be undone: locked 3. The tasks that it needs are not undone.", Assert.Single(_told), StringComparison.Ordinal);
        Assert.Equal((false, true), (run.HasPending, run.IsOver));
        Assert.Equal([("network", "Success"), ("vm", "Success"), ("other", "Cancelled")], States(run));
        Assert.Contains("1 task could not be undone", run.Message, StringComparison.Ordinal);
        Assert.Contains(RunLog.Find(_store, "flow", "run")!.ReadNext(fault => throw fault)!, line => line.Source == FlowLogSource.Error && line.Task == "vm");
        Assert.Equal(3, attempts);

        flow.Ask(RequestKind.Undo); // again
        Step(flow);
        Assert.Equal(4, attempts);
    }

    [Fact]
    public void A_plan_shows_a_waiting_undo_retry_and_a_new_request_retries_at_once()
    {
        var attempts = 0;
        var inner = new TestFlow("inner").Add(Task("a", 1));
        var flow = Make().Task("list", _ => new object[] { 1, 2 }).Add(Task("first", 1));
        flow.Add(new("sub", Body: null) { Subflow = inner.Flow, After = ["first"] });
        flow.Add(Task("each", 2, "sub") with
        {
            Map = [new("n", "list")],
            Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromMinutes(5)] },
            Undo = new RecordingUndo((context, _) => _ = ++attempts == 1 ? throw new InvalidOperationException("locked") : 0),
        });
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        Step(flow);
        var plan = StepTaker.Plan(new(new RunById(flow.Flow, "run", RunParameters.None)), TestContext.Current.CancellationToken).Tasks;
        Assert.Equal(
            [
                "first: Wait (is to be undone after others that wait)", "sub: Wait (is to be undone after others that wait)", "sub/a: Wait (is to be undone after others that wait)",
                "each[1]: Wait (its undo is retried at 2026-11-24 08:35:15Z)",
            ],
            plan.Where(task => task.Kind == FlowPlanAction.Wait && task.Path != "each").Select(task => task.ToString()));

        Assert.Null(flow.Ask(RequestKind.Undo).NextStartTime);
        Assert.False(Step(flow).HasPending);
        Assert.Equal(3, attempts);
        Assert.Equal(["a=1", "first=1"], _undone);
    }

    [Fact]
    public void A_waiting_step_waits_for_an_undo_retry()
    {
        var attempts = 0;
        var flow = Make().Add(Task("vm", 2) with
        {
            Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromHours(1)] },
            Undo = new RecordingUndo((_, _) => _ = ++attempts == 1 ? throw new InvalidOperationException("locked") : 0),
        });
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        Assert.True(flow.Recorded(wait: true).Step("run").Of("vm").IsUndone);
        Assert.Equal([TimeSpan.FromHours(1)], flow.Slept);
    }

    [Fact]
    public void Setting_a_task_to_Pending_resets_the_undone_tasks_it_needs()
    {
        var flow = Failing();
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        flow.Recorded().Step("run");
        var run = flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "check"));
        Assert.Equal([("read", "Success"), ("network", "Pending"), ("vm", "Pending"), ("configure", "Pending"), ("check", "Pending")], States(run));
        flow.Ran.Clear();
        flow.Recorded().Step("run");
        Assert.Equal(["network", "vm", "configure", "check"], flow.Ran);
    }

    [Fact]
    public void An_undone_task_runs_again_despite_an_existing_target()
    {
        var flow = Make().Add(Task("vm", 1) with { Target = "vm.json" });
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "vm"));
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").Of("vm").StateType);
        Assert.Equal(["vm", "vm"], flow.Ran);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Only_the_undone_part_of_a_subflow_runs_again(int depth)
    {
        var inner = new TestFlow("inner").Add(Task("a", 1)).Add(Task("b", 2, "a"));
        var sub = inner.Flow;
        for (var level = 1; level < depth; level++)
            sub = new TestFlow("middle").Add(new("in", Body: null) { Subflow = sub }).Flow;
        var flow = Make().Add(new("sub", Body: null) { Subflow = sub }).Task("last", "sub");
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        flow.Recorded(maxTasks: 1).Step("run");
        Assert.Equal(["b=2"], _undone);
        flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "last"));
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(["a", "b", "b"], inner.Ran);
        Assert.Equal(["b=2"], _undone);

        flow.Ask(RequestKind.Undo);
        Assert.True(flow.Recorded().Step("run").Of("sub").IsUndone);
        Assert.Equal(["b=2", "b=2", "a=1"], _undone);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_undone_failed_subflow_continues_with_what_stayed_unless_its_inputs_were_undone(bool isWhole)
    {
        var fails = true;
        var inner = new TestFlow("inner").Add(Task("a", 1)).Add(Task("b", 2, "a")).Task("c", _ => fails ? throw new InvalidOperationException("no") : "well", "b");
        var flow = Make().Add(Task("first", 0)).Add(new("sub", Body: null) { Subflow = inner.Flow, After = ["first"] });
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        flow.Recorded(maxTasks: isWhole ? 3 : 1).Step("run");
        fails = false;
        var run = flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "sub"));
        Assert.Equal(isWhole, run.Of("sub").Inner.SubflowRun is null);
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(isWhole ? ["a", "b", "c", "a", "b", "c"] : ["a", "b", "c", "b", "c"], inner.Ran);
        Assert.Equal(isWhole ? ["first", "first"] : ["first"], flow.Ran);
    }

    [Fact]
    public void An_undo_that_crashes_repeatedly_has_failed()
    {
        var calls = 0;
        for (var process = 0; process < 6; process++)
        {
            var dying = new DyingStore(_store, 0, isAfter: false);
            var flow = new TestFlow(options: new() { Store = dying, MaxCrashes = 2 });
            flow.Add(Task("vm", 1) with
            {
                Undo = new RecordingUndo((_, _) =>
                {
                    calls++;
                    dying.Kill();
                }),
            });
            try
            {
                if (process == 0)
                {
                    flow.Recorded().Step("run");
                    flow.Ask(RequestKind.Undo);
                }

                var run = flow.Recorded(durability: FlowDurability.Task).Step("run");
                Assert.Equal(UndoPhase.Failed, run.Of("vm").Inner.Undo!.Phase);
                Assert.Contains("ended unexpectedly", run.Of("vm").UndoError!.Message, StringComparison.Ordinal);
                break;
            }
            catch (ProcessKilledException)
            {
            }
        }

        Assert.Equal(3, calls); // the first crash is attributed to no task
    }

    [Fact]
    public void Setting_a_task_to_Pending_drops_the_remaining_undo()
    {
        var flow = Failing();
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        flow.Recorded(maxTasks: 1).Step("run");
        flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "check"));
        flow.Ran.Clear();
        flow.Recorded().Step("run");
        Assert.Equal(["vm=vm1"], _undone);
        Assert.Equal(["vm", "configure", "check"], flow.Ran);
    }

    [Fact]
    public void Reverting_a_stop_reruns_undone_tasks()
    {
        var flow = Make().Add(Task("one", 1)).Add(Task("two", 2, "one"));
        flow.Recorded(maxTasks: 1).Step("run");
        flow.Ask(RequestKind.Undo);
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Resume, special: true);
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(["one", "one", "two"], flow.Ran);
    }

    [Theory]
    [InlineData(UndoReason.Failed, true)]
    [InlineData(UndoReason.Stopped, false)]
    public void UndoOn_Failed_undoes_failed_runs_automatically(UndoReason on, bool isUndone)
    {
        var flow = Failing([on]);
        var run = flow.Recorded().Step("run");
        Assert.Equal(isUndone ? ["vm=vm1", "network=net1"] : [], _undone);
        Assert.Equal((StateType.Failed, true), (run.StateType, run.IsOver));
        Assert.Equal(States(run), States(flow.Recorded().Step(run).Run));
        Assert.Equal(isUndone ? 2 : 0, _undone.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UndoOn_Stopped_undoes_stopped_runs_automatically(bool hasFlow)
    {
        var flow = Make([UndoReason.Stopped]).Add(Task("one", 1)).Add(Task("two", 2, "one"));
        flow.Recorded(maxTasks: 1).Step("run");
        flow.Ask(RequestKind.Stop, hasFlow: hasFlow);
        var read = RecordedRuns.Read(flow.Flow, "run")!;
        Assert.Equal((StateType.Cancelled, true), (read.StateType, read.HasPending));
        var run = flow.Recorded().Resume();
        Assert.Equal("run", run.RunId);
        Assert.Equal(["one=1"], _undone);
        Assert.True(run is { HasPending: false, IsStopped: true });
    }

    [Fact]
    public void Without_the_flow_an_undo_is_left_to_its_next_step()
    {
        var flow = Failing();
        flow.Recorded().Step("run");
        flow.Leave(RequestKind.Undo);
        Assert.Equal("run", flow.Recorded().Resume().RunId);
        Assert.Equal(["vm=vm1", "network=net1"], _undone);
    }

    [Fact]
    public void An_unrecorded_run_is_undone_from_its_document()
    {
        var flow = new TestFlow().Add(Task("one", 1)).Add(Task("two", 2, "one"));
        var run = flow.Travel(Asked(flow.RunAll()));
        Assert.True(run.HasPending);
        run = flow.Travel(flow.Step(run, maxTasks: 1));
        Assert.Equal(["two=2"], _undone);
        run = flow.Travel(flow.Step(run));
        Assert.Equal(["two=2", "one=1"], _undone);
        Assert.All(run.Tasks, task => Assert.True(task.IsUndone));
        Assert.False(run.HasPending);
    }

    [Fact]
    public void Prefects_format_shows_undone_tasks_as_Cancelled()
    {
        var flow = new TestFlow().Add(Task("one", 1));
        var run = flow.Step(Asked(flow.RunAll()));
        var read = FlowStateReader.Read(flow.Flow, PrefectWriter.Write(run)).Run;
        Assert.Equal(StateType.Cancelled, read.Of("one").Inner.Type);
        Assert.True(read.Of("one").IsUndone);
    }

    [Theory]
    [InlineData("""{"phase":"Gone"}""")]
    [InlineData("""{"attempt":1}""")]
    [InlineData("""{"phase":"Due","attempt":0}""")]
    [InlineData("3")]
    public void A_damaged_undo_is_rejected(string undo)
    {
        var flow = new TestFlow().Task("one");
        var document = """{"version":1,"flow":{"name":"flow"},"tasks":[{"task":{"slug":"one"},"state":{"type":"Success","context":{"prefectps":{"undo":UNDO}}}}]}"""
            .Replace("UNDO", undo, StringComparison.Ordinal);
        Assert.Equal(FlowErrorId.StateInvalid, Assert.Throws<FlowException>(() => FlowStateReader.Read(flow.Flow, System.Text.Encoding.UTF8.GetBytes(document))).Id);
    }

    [Theory]
    [InlineData(FlowDurability.Task)]
    [InlineData(FlowDurability.Step)]
    public void An_undo_killed_at_any_write_repeats_only_if_its_process_died_in_it(FlowDurability durability)
    {
        var isKilled = true;
        for (var call = 1; isKilled; call++)
        {
            isKilled = false;
            foreach (var isAfter in new[] { false, true })
            {
                var store = RecordedFlowExtensions.NewStore();
                _undone.Clear();
                var first = FailingIn(store);
                first.Recorded().Step("run");
                first.Ask(RequestKind.Undo);
                FlowState? run = null;
                var kills = 0;
                for (var process = 0; run is not { HasPending: false }; process++)
                {
                    Assert.True(process < 5, $"Killed at call {call}, it does not end.");
                    var dying = new DyingStore(store, process == 0 ? call : 0, isAfter);
                    try
                    {
                        run = FailingIn(dying).Recorded(durability: durability).Step("run");
                        dying.HasEnded = true;
                    }
                    catch (ProcessKilledException)
                    {
                        kills++;
                    }
                }

                isKilled |= kills > 0;
                Assert.Equal(["vm=vm1", "network=net1"], _undone.Distinct());
                Assert.InRange(_undone.Count, 2, 2 + kills);
            }
        }
    }

    [Fact]
    public void A_plan_shows_what_will_be_undone()
    {
        var flow = Failing();
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        var plan = StepTaker.Plan(new(new RunById(flow.Flow, "run", RunParameters.None)), TestContext.Current.CancellationToken).Tasks;
        Assert.Equal(
            ["read: Keep", "network: Undo (is to be undone)", "vm: Undo (is to be undone)", "configure: Undo (has no -Undo, and is downstream of a task that is undone)", "check: Keep"],
            plan.Select(task => task.Action == "Keep" ? $"{task.Path}: Keep" : task.ToString()));
        Assert.Empty(_undone);
        plan = StepTaker.Plan(new(new RunById(flow.Flow, "run", RunParameters.None)) { Budget = new() { MaxTasks = 1 } }, TestContext.Current.CancellationToken).Tasks;
        Assert.Equal("network: Wait (is to be undone in a later step, because the budget is used up)", plan[1].ToString());
    }

    [Fact]
    public void The_history_says_who_requested_the_undo_and_what_was_undone()
    {
        var flow = Failing();
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo, reason: "rollback");
        flow.Recorded().Step("run");
        var text = RunLog.Find(_store, "flow", "run")!.ReadNext(fault => throw fault)!.Select(line => $"{line.Task}: {line.Text}").ToArray();
        Assert.Contains(": To be undone by alice@host: rollback", text.Select(line => line.Replace("Cancelled (", string.Empty, StringComparison.Ordinal).TrimEnd(')')));
        Assert.Contains("vm: Cancelled (The task was undone.)", text);
    }

    [Fact]
    public void Any_flow_is_undone_step_by_step_each_task_once_and_as_planned() =>
        Gen.Select(TaskSpec.Any.Array[1, 12], Gen.Int[1, 4]).Sample((specs, budget) =>
        {
            var flow = new AnyFlow(specs);
            var ended = flow.Flow.RunAll();
            string[] expected = [.. Leaves(ended, "").Where(leaf => leaf.State.CanBeUndone && leaf.Task.UndoBody is not null).Select(leaf => leaf.Path)];
            var run = Asked(ended);
            if (!ended.IsOver)
                return;
            string[] planned = [.. StepPlanner.Plan(run, new() { Budget = new() { Wait = true } }, TestContext.Current.CancellationToken)
                .Where(plan => plan.Kind == FlowPlanAction.Undo && plan.Reason.StartsWith("is to be", StringComparison.Ordinal)).Select(plan => plan.Path)];
            Assert.Equal(expected.Order(StringComparer.Ordinal), planned.Order(StringComparer.Ordinal));
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 200, "It does not end.");
                run = flow.Flow.Travel(flow.Flow.Step(run, budget, reset: true));
            }

            Assert.Equal(expected.Order(StringComparer.Ordinal), flow.Undone.Order(StringComparer.Ordinal));
            Assert.Equal(expected, Leaves(run, "").Where(leaf => leaf.State.IsUndone && leaf.Task.UndoBody is not null).Select(leaf => leaf.Path));
            AssertReverse(ended.Flow.Plan, "", flow.Undone);
        }, iter: Series.Cases(300, 50_000));

    private static FlowState Asked(FlowState run)
    {
        var states = new RunStates(run);
        RequestApplication.Apply(states, new("id", RequestKind.Undo, "alice", TestFlow.Start));
        return states.ToState(run.Identity);
    }

    // Downstream tasks are undone before their upstream tasks.
    private static void AssertReverse(FlowPlan plan, string path, List<string> undone)
    {
        foreach (var task in plan.Tasks)
        {
            var first = undone.FindIndex(each => IsIn(each, path + task.Slug));
            foreach (var behind in plan.DownstreamOf(task.Index))
                Assert.True(first < 0 || undone.FindLastIndex(each => IsIn(each, path + plan.Tasks[behind].Slug)) < first, string.Join(' ', undone));
            if (task.Subflow is { } subflow && !task.IsMapped)
                AssertReverse(subflow.Plan, $"{path}{task.Slug}/", undone);
        }
    }

    private static bool IsIn(string undone, string path) =>
        undone == path || undone.StartsWith(path + "/", StringComparison.Ordinal) || undone.StartsWith(path + "[", StringComparison.Ordinal);

    private static IEnumerable<(FlowTask Task, State State, string Path)> Leaves(FlowState run, string path) => run.Flow.Plan.Tasks.SelectMany(task =>
        run.States[task.Index].Children is { } children
            ? children.SelectMany((child, index) => Leaves(task, child, $"{path}{task.Slug}[{index}]"))
            : Leaves(task, run.States[task.Index], path + task.Slug));

    private static IEnumerable<(FlowTask Task, State State, string Path)> Leaves(FlowTask task, State state, string path) =>
        state.SubflowRun is { } subflow ? Leaves(subflow, path + "/") : [(task, state, path)];

    private TestFlow Make(UndoReason[]? on = null) => new(options: new() { Store = _store, UndoOn = on ?? [] });

    private TestFlow Failing(UndoReason[]? on = null) => FailingIn(_store, on);

    private TestFlow FailingIn(IFlowStore store, UndoReason[]? on = null)
    {
        var flow = new TestFlow(options: new() { Store = store, UndoOn = on ?? [] }).Task("read", _ => "config");
        flow.Add(Task("network", "net1", "read")).Add(Task("vm", "vm1", "network")).Task("configure", _ => "well", "vm");
        return flow.Task("check", _ => throw new InvalidOperationException("not well"), "configure");
    }

    private TaskOptions Task(string name, object result, params string[] after) =>
        new(name, TestFlow.Body(_ => result)) { After = after, Undo = RecordingUndo.Into(_undone) };

    private FlowState Step(TestFlow flow) =>
        new RecordedSteps(flow.Flow, run => new(run) { ResetCancelled = true, Notices = new RecordingNotices(_told) }).Step("run");

    private static (string, string)[] States(FlowState run) => [.. run.Tasks.Select(task => (task.Slug, task.State))];

    private sealed class Never : ITaskCondition
    {
        public string Source => "never";

        public bool IsMet(FlowContext context, TaskArguments arguments) => false;
    }
}
