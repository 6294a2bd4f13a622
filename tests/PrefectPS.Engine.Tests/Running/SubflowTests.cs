using System.Collections.Specialized;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

public sealed class SubflowTests
{
    [Fact]
    public void A_subflow_runs_its_tasks_and_returns_the_last_ones_result()
    {
        var inner = new TestFlow("inner").Task("a", _ => 20).Add(new("b", TestFlow.Body(x => (int)x[0].Value! + 1)) { InputFrom = [new("x", "a")] });
        var flow = new TestFlow().Add(Sub("sub", inner)).Add(new("after", TestFlow.Body(x => (int)x[0].Value! * 2)) { InputFrom = [new("x", "sub")] });

        var run = flow.RunAll();

        Assert.Equal(StateType.Success, run.StateType);
        Assert.Equal(42, run.Of("after").Result);
        Assert.Equal(["a", "b"], inner.Ran);
        Assert.Equal(StateType.Success, run.Of("sub").Subflow!.StateType);
    }

    [Fact]
    public void A_subflow_with_several_terminal_tasks_returns_results_by_name()
    {
        var inner = new TestFlow("inner").Task("a", _ => 1).Task("b", _ => "two");

        var result = (OrderedDictionary)new TestFlow().Add(Sub("sub", inner)).RunAll().Of("sub").Result!;

        Assert.Equal(1, result["A"]);
        Assert.Equal("two", result["b"]);
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void Subflow_tasks_count_in_the_budget_and_travel_in_the_parents_document(int maxTasks, int steps)
    {
        var (flow, inner) = Nested();

        var all = flow.RunInSteps(maxTasks);

        Assert.Equal(steps, all.Count);
        Assert.Equal(StateType.Success, all[^1].StateType);
        Assert.Equal(6, all[^1].Of("end").Result);
        Assert.Equal(["a", "b", "c", "d"], inner.Ran);
        Assert.Equal(["begin", "end"], flow.Ran);
    }

    [Fact]
    public void An_unfinished_subflow_is_Pending_and_not_cancelled_by_the_budget()
    {
        var (flow, _) = Nested();

        var run = flow.Step(flow.New(), maxTasks: 2);

        Assert.Equal(StateType.Pending, run.Of("sub").StateType);
        Assert.Equal("Subflow 'inner': 3 of 4 tasks still to run.", run.Of("sub").Message);
        Assert.Equal(StateType.Cancelled, run.Of("end").StateType);
        Assert.True(run.HasPending);
    }

    [Fact]
    public void A_subflow_takes_the_tasks_arguments_as_parameters()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("x", 1), new("y", 2)]) })
            .Add(new("sum", TestFlow.Body(p => (int)p[0].Value! + (int)p[1].Value!)) { Parameters = ["x", "y"] });
        var flow = new TestFlow().Task("a", _ => 40)
            .Add(Sub("sub", inner) with { InputFrom = [new("x", "a")] });

        Assert.Equal(42, flow.RunAll().Of("sub").Result);
    }

    [Fact]
    public void An_argument_without_a_matching_parameter_is_an_error_at_definition()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("x", 1)]) }).Task("a");

        var error = Assert.Throws<FlowException>(() => new TestFlow().Add(Sub("sub", inner) with { Arguments = [new("z", 1)] }));

        Assert.Equal(FlowErrorId.TaskInvalid, error.Id);
        Assert.Equal("Task 'sub' gives flow 'inner' a parameter 'z', which it does not have. Its parameters are x.", error.Message);
    }

    [Fact]
    public void A_flow_that_would_run_itself_is_an_error_that_names_the_path()
    {
        var (a, b, c) = (new TestFlow("a"), new TestFlow("b"), new TestFlow("c"));
        a.Add(Sub("runs b", b));
        b.Add(Sub("runs c", c));

        var error = Assert.Throws<FlowException>(() => c.Add(Sub("runs a", a)));

        Assert.Equal(FlowErrorId.Cycle, error.Id);
        Assert.Equal("Task 'runs a' cannot run flow 'a': it would run itself: c -> a -> b -> c.", error.Message);
        Assert.Throws<FlowException>(() => a.Add(Sub("runs a", a)));
    }

    [Fact]
    public void A_failed_subflow_fails_its_task_and_names_the_inner_task()
    {
        var inner = new TestFlow("inner").Task("a", _ => throw new InvalidOperationException("boom")).Task("b", "a");

        var run = new TestFlow().Add(Sub("sub", inner)).Task("after", "sub").RunAll();

        Assert.Equal(StateType.Failed, run.Of("sub").StateType);
        Assert.Equal("Subflow 'inner' failed: task 'a': Error during execution of task: boom", run.Of("sub").Message);
        Assert.Equal(FlowErrorId.SubflowFailed, run.Of("sub").Error!.Id);
        Assert.Equal(StateType.TriggerFailed, run.Of("after").StateType);
        Assert.Equal(StateType.TriggerFailed, run.Of("sub").Subflow!.Of("b").StateType);
    }

    [Fact]
    public void Retrying_a_subflow_reruns_only_what_failed()
    {
        var failures = 1;
        var inner = new TestFlow("inner").Task("a", _ => 1).Task("b", _ => failures-- > 0 ? throw new InvalidOperationException("boom") : 2, "a").Task("c", "b");
        var flow = new TestFlow().Add(Sub("sub", inner) with { Retry = new() { MaxRetries = 1 } });

        var run = flow.RunAll();

        Assert.Equal(StateType.Success, run.StateType);
        Assert.Equal(2, run.Of("sub").RunCount);
        Assert.Equal(["a", "b", "b", "c"], inner.Ran);
    }

    [Fact]
    public void A_delayed_retry_travels_between_steps_with_the_subflows_progress()
    {
        var failures = 1;
        var inner = new TestFlow("inner").Task("a").Task("b", _ => failures-- > 0 ? throw new InvalidOperationException("boom") : null, "a");
        var flow = new TestFlow().Add(Sub("sub", inner) with { Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromMinutes(1)] } });

        var first = flow.Travel(flow.Step(flow.New()));
        Assert.Equal(StateType.Scheduled, first.StateType);
        flow.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(StateType.Success, flow.Step(first).StateType);
        Assert.Equal(["a", "b", "b"], inner.Ran);
    }

    [Fact]
    public void A_scheduled_inner_task_lets_the_step_end_and_reports_its_due_time()
    {
        var failures = 1;
        var flow = new TestFlow();
        var inner = new TestFlow("inner", clock: flow.Clock).Add(new("a", TestFlow.Body(_ => failures-- > 0 ? throw new InvalidOperationException("boom") : 5))
        {
            Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromMinutes(1)] },
        });
        flow.Add(Sub("sub", inner));

        var first = flow.Travel(flow.Step(flow.New()));

        Assert.Equal(StateType.Scheduled, first.StateType);
        Assert.Equal(StateType.Scheduled, first.Of("sub").StateType);
        Assert.Equal(TestFlow.Start.AddMinutes(1), first.NextStartTime);
        flow.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(5, flow.Step(first).Of("sub").Result);
    }

    [Fact]
    public void A_run_to_the_end_waits_for_scheduled_inner_tasks()
    {
        var failures = 1;
        var flow = new TestFlow();
        var inner = new TestFlow("inner", clock: flow.Clock).Add(new("a", TestFlow.Body(_ => failures-- > 0 ? throw new InvalidOperationException("boom") : 5))
        {
            Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromMinutes(1)] },
        });

        Assert.Equal(StateType.Success, flow.Add(Sub("sub", inner)).RunAll().StateType);
        Assert.Equal([TimeSpan.FromMinutes(1)], flow.Slept);
    }

    [Fact]
    public void A_subflow_waiting_for_approval_pauses_its_parent_until_resumed()
    {
        var inner = new TestFlow("inner").Task("a").Add(new("approve", TestFlow.Body(_ => "yes")) { After = ["a"], Trigger = Trigger.Find("manual_only")! });
        var flow = new TestFlow().Add(Sub("sub", inner)).Task("after", "sub");

        var paused = flow.Travel(flow.Step(flow.New()));
        Assert.Equal(StateType.Paused, paused.StateType);
        Assert.Equal(StateType.Paused, paused.Of("sub").StateType);
        var resumed = paused.Change((_, state) => state.Type == StateType.Paused && state.SubflowRun is null ? new(StateType.Resume) : state);

        Assert.True(resumed.HasPending);
        Assert.Equal(StateType.Success, flow.Step(flow.Travel(resumed)).StateType);
        Assert.Equal(["a", "approve"], inner.Ran);
    }

    [Fact]
    public void A_failed_subflow_is_repaired_by_resetting_what_failed_in_it()
    {
        var failures = 1;
        var inner = new TestFlow("inner").Task("a").Task("b", _ => failures-- > 0 ? throw new InvalidOperationException("boom") : null, "a");
        var flow = new TestFlow().Add(Sub("sub", inner)).Task("after", "sub");

        var failed = flow.Travel(flow.Step(flow.New()));
        var reset = failed.Change((_, state) => state.IsFailed ? state.Reset(null) : state);

        Assert.Equal(StateType.Success, flow.Step(reset).StateType);
        Assert.Equal(["a", "b", "b"], inner.Ran);
    }

    [Fact]
    public void A_mapped_subflow_has_a_run_per_element()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("x", 0)]) })
            .Add(new("a", TestFlow.Body(p => (int)p[0].Value! + 1)) { Parameters = ["x"] })
            .Add(new("b", TestFlow.Body(p => (int)p[0].Value! * 2)) { InputFrom = [new("v", "a")] });
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2, 3 }).Add(Sub("sub", inner) with { Map = [new("x", "list")] });

        var all = flow.RunInSteps(maxTasks: 1);

        Assert.Equal(7, all.Count);
        Assert.Equal(new object[] { 4, 6, 8 }, all[^1].Of("sub").Result);
        Assert.Equal(6, inner.Ran.Count);
    }

    [Fact]
    public void Tasks_of_several_subflows_run_in_parallel_under_one_throttle()
    {
        const int Count = 4;
        var pool = new ThreadPoolBodies();
        using var meeting = new Barrier(Count); // none goes on until as many run as may
        var flow = new TestFlow(TimeProvider.System);
        for (var i = 0; i < Count; i++)
        {
            var inner = new TestFlow($"inner {i}").Task("a", _ => Meet()).Task("b", _ => Meet(), "a");
            flow.Add(Sub($"sub {i}", inner));
        }

        flow.Task("after", "sub 0", "sub 1", "sub 2", "sub 3");
        var run = StepRunner.Run(
            flow.New(), new() { Budget = new() { Throttle = new(Count) }, Pool = pool }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(StateType.Success, run.StateType);
        Assert.Equal(Count, pool.MostAtOnce);
        Assert.Equal(["after"], flow.Ran);

        object? Meet()
        {
            Assert.True(meeting.SignalAndWait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), "They do not all run.");
            return null;
        }
    }

    [Fact]
    public void In_parallel_steps_each_subflow_task_runs_once()
    {
        var (flow, inner) = Nested(TimeProvider.System);

        var run = flow.New();
        for (var steps = 0; run.HasPending; steps++)
        {
            Assert.True(steps < 10);
            run = flow.Travel(StepRunner.Run(
                run,
                new() { Budget = new() { MaxTasks = 1, Throttle = new(3) }, ResetCancelled = true, Pool = new ThreadPoolBodies() },
                cancellationToken: TestContext.Current.CancellationToken));
        }

        Assert.Equal(6, run.Of("end").Result);
        Assert.Equal(["a", "b", "c", "d"], inner.Ran);
    }

    [Fact]
    public void Prefects_format_carries_a_subflow_in_the_states_context()
    {
        var (flow, inner) = Nested();

        var run = FlowStateReader.Read(flow.Flow, PrefectWriter.Write(flow.Step(flow.New(), maxTasks: 3, reset: true))).Run;

        Assert.Equal(6, flow.RunAll(run).Of("end").Result);
        Assert.Equal(["a", "b", "c", "d"], inner.Ran);
    }

    [Fact]
    public void A_subflows_handlers_see_its_tasks_and_its_parents_see_its_start_and_end_once()
    {
        var (outer, within) = (new RecordingHandler(), new RecordingHandler());
        var inner = new TestFlow("inner", new() { StateHandlers = [within] }).Task("a").Task("b", "a");
        var flow = new TestFlow("outer", new() { StateHandlers = [outer] }).Add(Sub("sub", inner));

        flow.RunInSteps(maxTasks: 1);

        Assert.Equal(["sub: Pending->Running: Starting task run.", "sub: Running->Success: Task run succeeded."], outer.Changes);
        Assert.Equal(["a: Pending->Running", "a: Running->Success", "b: Pending->Running", "b: Running->Success"], within.Changes.Select(c => c[..c.LastIndexOf(':')]));
    }

    [Fact]
    public void A_missing_required_subflow_parameter_fails_only_its_task()
    {
        var inner = new TestFlow("inner", new() { Parameters = new RequiredParameter("x") }).Task("a");

        var run = new TestFlow().Task("before").Add(Sub("sub", inner)).RunAll();

        Assert.Equal(StateType.Success, run.Of("before").StateType);
        Assert.Equal(FlowErrorId.ParameterInvalid, run.Of("sub").Error!.Id);
        Assert.Empty(inner.Ran);
    }

    private static TaskOptions Sub(string name, TestFlow inner) => new(name, null) { Subflow = inner.Flow };

    private static (TestFlow Outer, TestFlow Inner) Nested(TimeProvider? clock = null)
    {
        var inner = new TestFlow("inner").Task("a", _ => 1).Task("b", _ => 2).Task("c", _ => 3)
            .Add(new("d", TestFlow.Body(x => (int)x[0].Value! + (int)x[1].Value! + (int)x[2].Value!)) { InputFrom = [new("a", "a"), new("b", "b"), new("c", "c")] });
        var flow = (clock is null ? new TestFlow() : new TestFlow(clock)).Task("begin")
            .Add(Sub("sub", inner) with { After = ["begin"] })
            .Add(new("end", TestFlow.Body(x => x[0].Value)) { InputFrom = [new("x", "sub")] });
        return (flow, inner);
    }
}
