using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

public class ParallelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(64)]
    public void Row_i_twenty_tasks_run_twenty_times_with_any_throttle_and_budget(int limit)
    {
        foreach (var budget in new[] { 1, 3, 20 })
        {
            var flow = Concurrent(20, _ => null);
            var run = flow.Flow.New();
            for (var steps = 0; run.HasPending; steps++)
            {
                Assert.InRange(steps, 0, 20);
                run = flow.Flow.Travel(Step(run, new Throttle(limit), new ThreadPoolBodies(), new() { MaxTasks = budget }));
            }

            Assert.Equal(StateType.Success, run.StateType);
            Assert.All(flow.Counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void No_more_bodies_run_at_once_than_the_throttle_allows()
    {
        using var all = new CountdownEvent(3);
        var stop = TestContext.Current.CancellationToken;
        var flow = Concurrent(9, _ =>
        {
            // The first three meet here; with fewer at once they would wait for each other in vain.
            if (!all.IsSet && !all.Signal())
                Assert.True(all.Wait(Patience, stop));
            return null;
        });
        var pool = new ThreadPoolBodies();
        Assert.Equal(StateType.Success, Step(flow.Flow.New(), new Throttle(3), pool).StateType);
        Assert.Equal(3, pool.MostAtOnce);
    }

    [Fact]
    public void Tags_have_limits_of_their_own()
    {
        var (now, most) = (0, 0);
        var flow = new TestFlow();
        for (var i = 0; i < 6; i++)
        {
            flow.Flow.Add(new($"db{i}", TestFlow.Body(_ =>
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                Interlocked.Decrement(ref now);
                return null;
            }))
            { Tags = ["database"] });
        }

        var limits = new Dictionary<string, int> { ["DATABASE"] = 1 };
        Assert.Equal(StateType.Success, Step(flow.New(), new Throttle(8, limits), new ThreadPoolBodies()).StateType);
        Assert.Equal(1, most);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tag_limits_apply_to_subflow_tasks(bool insideHasTheTag)
    {
        var (now, most) = (0, 0);
        var flow = new TestFlow();
        for (var i = 0; i < 4; i++)
        {
            var inner = new TestFlow($"inner{i}", clock: flow.Clock);
            inner.Flow.Add(new("opens", TestFlow.Body(_ => most = Math.Max(most, Interlocked.Increment(ref now)))));
            inner.Flow.Add(new("closes", TestFlow.Body(_ => Interlocked.Decrement(ref now))) { After = ["opens"] });
            var tagged = new TestFlow($"tagged{i}", clock: flow.Clock);
            tagged.Flow.Add(new("part", null) { Subflow = inner.Flow, Tags = ["database"] });
            flow.Flow.Add(new($"part{i}", null) { Subflow = insideHasTheTag ? tagged.Flow : inner.Flow, Tags = ["database"] });
        }

        var limits = new Dictionary<string, int> { ["DATABASE"] = 1 };
        Assert.Equal(StateType.Success, Step(flow.New(), new Throttle(4, limits), new ThreadPoolBodies()).StateType);
        Assert.Equal(1, most);
    }

    [Fact]
    public void Subflows_that_wait_for_each_others_tags_do_not_deadlock()
    {
        var flow = new TestFlow();
        foreach (var (outer, within) in new[] { ("x", "y"), ("y", "x") })
        {
            var inner = new TestFlow($"inner {outer}", clock: flow.Clock);
            inner.Flow.Add(new("one", TestFlow.Body(_ => null)) { Tags = [within] });
            inner.Flow.Add(new("two", TestFlow.Body(_ => null)) { Tags = [within] });
            flow.Flow.Add(new(outer, null) { Subflow = inner.Flow, Tags = [outer] });
        }

        var limits = new Dictionary<string, int> { ["x"] = 1, ["y"] = 1 };
        Assert.Equal(StateType.Success, Step(flow.New(), new Throttle(4, limits), new ThreadPoolBodies()).StateType);
    }

    [Fact]
    public void Parallel_runs_have_the_order_results_and_failures_of_sequential_ones()
    {
        var one = Mixed().RunAll();
        foreach (var limit in new[] { 2, 16 })
        {
            var flow = Mixed();
            var many = Step(flow.New(), new Throttle(limit), new ThreadPoolBodies(), new() { Wait = true });
            Assert.Equal(Describe(one), Describe(many));
        }
    }

    [Fact]
    public void A_body_that_exceeds_its_timeout_is_stopped_and_TimedOut()
    {
        var flow = new TestFlow(TimeProvider.System);
        flow.Flow.Add(new("slow", TestFlow.Body(_ => ThreadPoolBodies.WaitToBeStopped())) { Timeout = TimeSpan.FromSeconds(0.05) });
        flow.Flow.Add(new("after", TestFlow.Body(_ => null)) { After = ["slow"] });
        flow.Flow.Add(new("quick", TestFlow.Body(_ => "done")) { Timeout = Patience });
        var run = Step(flow.New(), new Throttle(1), new ThreadPoolBodies());
        Assert.Equal([StateType.TimedOut, StateType.TriggerFailed, StateType.Success], run.Types());
        Assert.Equal("Task timed out during execution.", run.Of("slow").Message);
    }

    [Theory]
    [InlineData(true, StateType.TimedOut)]
    [InlineData(false, StateType.Cancelled)]
    public void Only_the_token_of_the_body_that_has_to_end_is_cancelled(bool byTimeout, StateType expected)
    {
        using var given = new CountdownEvent(2);
        CancellationToken other = default;
        var flow = new TestFlow(TimeProvider.System);
        flow.Flow.Add(new("other", TestFlow.Body((context, _) =>
        {
            other = context.CancellationToken;
            given.Signal();
            return given.Wait(Patience);
        })));
        flow.Flow.Add(new("waits", TestFlow.Body((context, _) =>
        {
            given.Signal();
            Assert.True(context.CancellationToken.WaitHandle.WaitOne(Patience));
            throw new OperationCanceledException(context.CancellationToken);
        }))
        { Timeout = byTimeout ? TimeSpan.FromSeconds(0.5) : null });

        var run = Step(flow.New(), new Throttle(2), new ThreadPoolBodies(), new() { Time = byTimeout ? Patience : TimeSpan.FromSeconds(0.5) }, reset: false);

        Assert.Equal((StateType.Success, expected), (run.Of("other").StateType, run.Of("waits").StateType));
        Assert.False(other.IsCancellationRequested);
    }

    [Fact]
    public void A_timeout_may_be_TimeSpan_MaxValue()
    {
        var flow = new TestFlow(TimeProvider.System);
        flow.Flow.Add(new("a", TestFlow.Body(_ => "done")) { Timeout = TimeSpan.MaxValue });
        Assert.Equal("done", Step(flow.New(), new Throttle(1), new ThreadPoolBodies(), new() { Time = TimeSpan.MaxValue }).Of("a").Result);
    }

    [Fact]
    public void A_timed_out_task_is_retried()
    {
        var attempts = 0;
        var flow = new TestFlow(TimeProvider.System);
        flow.Flow.Add(new("slow", TestFlow.Body(_ => Interlocked.Increment(ref attempts) == 1 ? ThreadPoolBodies.WaitToBeStopped() : "second time"))
        {
            Timeout = TimeSpan.FromSeconds(0.05),
            Retry = new() { MaxRetries = 1 },
        });
        var run = Step(flow.New(), new Throttle(1), new ThreadPoolBodies());
        Assert.Equal((StateType.Success, 2), (run.Of("slow").StateType, run.Of("slow").RunCount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_due_retry_does_not_wait_for_running_bodies(bool inSubflow)
    {
        using var retried = new ManualResetEventSlim();
        var flaky = new PrefectPS.Flows.TaskOptions("flaky", TestFlow.Body((context, _) =>
        {
            if (context.RunCount == 1)
                throw new InvalidOperationException("not yet");
            retried.Set();
            return "second time";
        }))
        { Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromSeconds(0.05)] } };
        var flow = new TestFlow(TimeProvider.System);
        flow.Flow.Add(new("slow", TestFlow.Body(_ => retried.Wait(Patience))));
        if (inSubflow)
        {
            var inner = new TestFlow(TimeProvider.System);
            inner.Flow.Add(flaky);
            flow.Flow.Add(new("sub", null) { Subflow = inner.Flow });
        }
        else
        {
            flow.Flow.Add(flaky);
        }

        var run = Step(flow.New(), new Throttle(2), new ThreadPoolBodies(), new() { Wait = true });
        Assert.Equal([true, "second time"], run.Tasks.Select(task => task.Result));
    }

    [Fact]
    public void A_step_does_not_wait_for_tasks_it_may_not_start()
    {
        var flow = new TestFlow().Add(new("a",
            TestFlow.Body(_ => throw new InvalidOperationException("a")))
        { Retry = new() { MaxRetries = 3, Delays = [TimeSpan.FromHours(1)] } });
        var run = Step(flow.New(), new Throttle(2), new ThreadPoolBodies(), new() { Wait = true, MaxTasks = 2 });
        Assert.Equal((StateType.Retrying, 2), (run.Of("a").StateType, run.Of("a").RunCount));
        Assert.Equal([TimeSpan.FromHours(1)], flow.Slept);
    }

    [Fact]
    public void At_its_deadline_a_step_stops_running_bodies_which_are_due_again()
    {
        var attempts = 0;
        var flow = new TestFlow(TimeProvider.System);
        flow.Flow.Add(new("quick", TestFlow.Body(_ => "done")));
        flow.Flow.Add(new("slow", TestFlow.Body(_ => Interlocked.Increment(ref attempts) == 1 ? ThreadPoolBodies.WaitToBeStopped() : "second time")));
        flow.Flow.Add(new("after", TestFlow.Body(_ => null)) { After = ["slow"] });
        var run = Step(flow.New(), new Throttle(2), new ThreadPoolBodies(), new() { Time = TimeSpan.FromSeconds(0.1) }, reset: false);
        Assert.Equal([StateType.Success, StateType.Cancelled, StateType.Cancelled], run.Types());

        run = flow.Travel(run).Change((_, state) => state.Type == StateType.Cancelled ? state.Reset(null) : state);
        Assert.Equal("second time", Step(run, new Throttle(2), new ThreadPoolBodies()).Of("slow").Result);
    }

    [Fact]
    public void Stopping_a_step_stops_its_bodies()
    {
        using var stop = new CancellationTokenSource();
        using var stopped = new CountdownEvent(2);
        var flow = Concurrent(2, _ =>
        {
            stop.CancelAfter(TimeSpan.FromSeconds(0.05));
            try
            {
                return ThreadPoolBodies.WaitToBeStopped();
            }
            finally
            {
                stopped.Signal();
            }
        });
        Assert.Throws<StepStoppedException>(() =>
            StepRunner.Run(
                flow.Flow.New(), new() { Budget = new() { Throttle = new Throttle(2) }, Pool = new ThreadPoolBodies() }, cancellationToken: stop.Token));
        Assert.True(stopped.Wait(Patience, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bodies_that_ended_before_a_stop_are_recorded_even_if_the_step_was_busy(bool inSubflow)
    {
        var pool = new ThreadPoolBodies();
        using var stop = new CancellationTokenSource();
        var busy = new RecordingHandler((_, @new) =>
        {
            if (@new.StateType != StateType.Success || stop.IsCancellationRequested)
                return null;
            Assert.True(SpinWait.SpinUntil(() => pool.Ended == 3, Patience));
            stop.Cancel();
            throw new StepStoppedException();
        });
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() });
        flow.Add(new("busy", TestFlow.Body(_ => null)) { StateHandlers = [busy] });
        var parts = inSubflow ? new TestFlow("inner", clock: flow.Clock) : flow;
        parts.Task("w1", _ => "one").Task("w2", _ => "two");
        if (inSubflow)
            flow.Flow.Add(new("part", null) { Subflow = parts.Flow });
        flow.Flow.Add(new("waits", TestFlow.Body(_ => ThreadPoolBodies.WaitToBeStopped())));
        flow.Flow.Add(new("behind", TestFlow.Body(_ => "started")) { After = ["busy"] });
        var budget = new StepBudget { Throttle = new(4) };
        var request = new StepRequest(new RunByState(flow.New())) { Budget = budget, Pool = pool };

        Assert.Throws<StepStoppedException>(() => StepTaker.Take(request, stop.Token));

        var left = RecordedRuns.Read(flow.Flow, "run-1")!;
        var ended = inSubflow ? left.Of("part").Subflow! : left;
        Assert.Equal(["one", "two"], new[] { "w1", "w2" }.Select(name => ended.Of(name).Result));
        Assert.Equal(StateType.Pending, left.Of("behind").StateType);
    }

    private static TestFlow Mixed()
    {
        var flow = new TestFlow();
        flow.Flow.Add(new("list", TestFlow.Body(_ => new object[] { 1, 2, 3, 4 })));
        flow.Flow.Add(new("map", TestFlow.Body(a => a[0].Value is 3 ? throw new InvalidOperationException("three") : a[0].Value)) { Map = [new("x", "list")] });
        flow.Flow.Add(new("over", TestFlow.Body(a => $"<{a[0].Value}>")) { Map = [new("x", "map")] });
        flow.Flow.Add(new("none", TestFlow.Body(_ => null)));
        flow.Flow.Add(new("empty", TestFlow.Body(a => a[0].Value)) { Map = [new("x", "none")] });
        flow.Flow.Add(new("reduce", TestFlow.Body(a => a[0].Value))
        {
            InputFrom = [new("x", "over")],
            After = ["empty"],
            Trigger = PrefectPS.Triggers.Trigger.Find("all_finished")!
        });
        flow.Flow.Add(new("fails", TestFlow.Body(_ => throw new InvalidOperationException("no"))) { Retry = new() { MaxRetries = 2, Delays = [TimeSpan.FromSeconds(1)] } });
        flow.Flow.Add(new("behind", TestFlow.Body(_ => null)) { After = ["fails", "reduce"] });
        flow.Flow.Add(new("loop", TestFlow.Body((context, _) => context.LoopCount < 3
            ? throw new FlowSignalException(new(StateType.Looped), endsRun: false)
            : context.LoopCount)));
        return flow;
    }

    private static string Describe(FlowState run) => string.Join('\n', run.Tasks.SelectMany(t => t.Children.Prepend(t)).Select(t =>
        $"{t.Slug} {t.State} {t.Message} {t.RunCount} {(t.Result is object?[] items ? string.Join(',', items) : t.Result)}"));

    private static FlowState Step(FlowState run, Throttle throttle, IBodyPool pool, StepBudget? budget = null, bool reset = true) =>
        StepRunner.Run(
            run, new() { Budget = (budget ?? new()) with { Throttle = throttle }, ResetCancelled = reset, Pool = pool }, cancellationToken: TestContext.Current.CancellationToken);

    // Bodies that count themselves without a shared list.
    private static (TestFlow Flow, int[] Counts) Concurrent(int count, Func<int, object?> body)
    {
        var flow = new TestFlow(TimeProvider.System);
        var counts = new int[count];
        for (var i = 0; i < count; i++)
        {
            var number = i;
            flow.Flow.Add(new($"task{i}", TestFlow.Body(_ =>
            {
                Interlocked.Increment(ref counts[number]);
                return body(number);
            })));
        }

        return (flow, counts);
    }
}
