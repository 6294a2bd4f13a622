using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

public class BudgetTests
{
    [Fact]
    public void Tasks_not_started_because_of_the_budget_are_cancelled()
    {
        var flow = SeedFlow.Make();
        var run = flow.Step(flow.New(), maxTasks: 3);
        Assert.Equal(["task1", "task2", "task3"], flow.Ran);
        Assert.All(run.Tasks.Skip(3), t => Assert.Equal((StateType.Cancelled, "Flow run is cancelled"), (t.StateType, t.Message)));
        Assert.Equal((StateType.Cancelled, false), (run.StateType, run.HasPending));
    }

    [Fact]
    public void ResetCancelled_makes_them_Pending_in_the_same_call()
    {
        var flow = SeedFlow.Make();
        var run = flow.Step(flow.New(), maxTasks: 3, reset: true);
        Assert.All(run.Tasks.Skip(3), t => Assert.Equal(StateType.Pending, t.StateType));
        Assert.Equal((StateType.Pending, true, "5 of 8 tasks still to run."), (run.StateType, run.HasPending, run.Message));
    }

    [Fact]
    public void ResetCancelled_also_resets_tasks_given_as_Cancelled()
    {
        var flow = SeedFlow.Make();
        var run = flow.Step(flow.New(), maxTasks: 3);
        run = flow.Step(run, maxTasks: 5, reset: true);
        Assert.Equal(StateType.Success, run.StateType);
        Assert.Equal(8, flow.Ran.Count);
    }

    [Fact]
    public void Tasks_without_a_body_to_run_end_even_with_the_budget_used_up()
    {
        var flow = new TestFlow()
            .Task("bad", _ => throw new InvalidOperationException()).Task("after bad", "bad")
            .Task("skip", _ => throw RecordingHandler.Signal(StateType.Skipped, "s")).Task("after skip", "skip")
            .Task("ready");
        var run = flow.Step(flow.New(), maxTasks: 2);
        Assert.Equal([StateType.Failed, StateType.TriggerFailed, StateType.Skipped, StateType.Skipped, StateType.Cancelled], run.Types());
    }

    [Fact]
    public void Progress_is_kept_when_the_budget_is_used_up()
    {
        var flow = new TestFlow().Task("a").Task("retry").Task("later").Task("paused").Task("resume");
        var due = TestFlow.Start.AddHours(1);
        var given = flow.New().Change((task, state) => task.Name switch
        {
            "retry" => State.Read(StateType.Retrying, null, new() { Attempt = 2 }) with { DueTime = due },
            "later" => new(StateType.Scheduled) { DueTime = due },
            "paused" => new(StateType.Paused),
            "resume" => new(StateType.Resume),
            _ => state,
        });
        var run = flow.Step(given, maxTasks: 1);
        Assert.Equal([StateType.Success, StateType.Retrying, StateType.Scheduled, StateType.Paused, StateType.Resume], run.Types());
        Assert.Equal(2, run.Of("retry").RunCount);
    }

    [Fact]
    public void A_budget_that_is_just_enough_cancels_nothing()
    {
        var flow = SeedFlow.Make();
        Assert.Equal(StateType.Success, flow.Step(flow.New(), maxTasks: 8).StateType);
    }

    [Fact]
    public void A_step_with_nothing_to_do_returns_the_same_run()
    {
        var flow = SeedFlow.Make();
        var run = flow.RunAll();
        Assert.Same(run, flow.Step(run));
        Assert.Equal(1, run.Step);
    }

    [Fact]
    public void A_time_budget_may_be_TimeSpan_MaxValue()
    {
        var flow = new TestFlow().Task("a");
        var budget = new StepBudget { Time = TimeSpan.MaxValue };
        Assert.Equal(StateType.Success, StepRunner.Run(
            flow.New(), new() { Budget = budget }, cancellationToken: TestContext.Current.CancellationToken).StateType);
    }

    [Fact]
    public void No_task_starts_after_the_time_budget()
    {
        var flow = new TestFlow();
        foreach (var name in new[] { "a", "b", "c" })
            flow.Task(name, _ => Advance(flow, minutes: 4));
        var run = StepRunner.Run(
            flow.New(), new() { Budget = new() { Time = TimeSpan.FromMinutes(8) } }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([StateType.Success, StateType.Success, StateType.Cancelled], run.Types());
    }

    [Fact]
    public void A_task_that_once_took_longer_than_the_remaining_time_is_not_started()
    {
        var flow = new TestFlow().Task("list", _ => new[] { 5, 1, 1 });
        flow.Add(new("each", TestFlow.Body(x => Advance(flow, minutes: (int)x[0].Value!))) { Map = [new("x", "list")] });

        var run = flow.Travel(StepRunner.Run(
            flow.New(), new() { Budget = new() { Time = TimeSpan.FromMinutes(8) } }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal([StateType.Success, StateType.Pending, StateType.Pending], run.Of("each").Children.Select(child => child.StateType));

        run = StepRunner.Run(
            run, new() { Budget = new() { Time = TimeSpan.FromMinutes(5) } }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([StateType.Success, StateType.Success, StateType.Pending], run.Of("each").Children.Select(child => child.StateType));
    }

    [Fact]
    public void A_task_that_once_took_longer_than_a_step_may_be_the_first_of_one()
    {
        var flow = new TestFlow();
        flow.Add(new("t", TestFlow.Body(_ => Advance(flow, minutes: 10) ?? throw new InvalidOperationException()))
        {
            Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromMinutes(1)] },
        });
        var budget = new StepBudget { Time = TimeSpan.FromMinutes(8) };
        var run = flow.Travel(StepRunner.Run(flow.New(), new() { Budget = budget }, cancellationToken: TestContext.Current.CancellationToken));
        flow.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(StateType.Failed, StepRunner.Run(run, new() { Budget = budget }, cancellationToken: TestContext.Current.CancellationToken).StateType);
    }

    [Fact]
    public void A_task_expected_to_take_longer_than_the_remaining_time_is_not_started()
    {
        var flow = new TestFlow().Task("a");
        flow.Add(new("long", TestFlow.Body(_ => null)) { ExpectedDuration = TimeSpan.FromMinutes(9), After = ["a"] });
        var run = StepRunner.Run(
            flow.New(), new() { Budget = new() { Time = TimeSpan.FromMinutes(8) } }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([StateType.Success, StateType.Cancelled], run.Types());
        Assert.Equal(["a"], flow.Ran);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void A_postponed_long_task_does_not_block_others(int throttle)
    {
        var inner = new TestFlow("inner").Task("quick");
        inner.Add(new("long", TestFlow.Body(_ => null)) { ExpectedDuration = TimeSpan.FromMinutes(9) });
        var flow = new TestFlow();
        flow.Add(new("long", TestFlow.Body(_ => null)) { ExpectedDuration = TimeSpan.FromMinutes(9) });
        flow.Task("behind", "long").Task("quick");
        flow.Add(new("part", null) { Subflow = inner.Flow });
        var budget = new StepBudget { Time = TimeSpan.FromMinutes(8), Throttle = throttle == 0 ? null : new(throttle) };

        var run = StepRunner.Run(
            flow.New(), new() { Budget = budget, Pool = new ThreadPoolBodies() }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([StateType.Cancelled, StateType.Cancelled, StateType.Success, StateType.Pending], run.Types());
        Assert.Equal([StateType.Success, StateType.Pending], run.Of("part").Subflow!.Types());
        Assert.Equal(["long", "part/long"], LongTasks.Of(run.Change((_, state) => state.Reset(null)), TimeSpan.FromMinutes(8)).Select(task => task.Path));
        Assert.Empty(LongTasks.Of(run, TimeSpan.FromMinutes(9)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_step_ends_even_if_a_due_task_is_too_long_for_it(int throttle)
    {
        var flow = new TestFlow().Add(new("long", TestFlow.Body(_ => null)) { ExpectedDuration = TimeSpan.FromMinutes(9) }).Task("quick");
        var given = flow.New().Change((task, state) => task.Slug == "long" ? new(StateType.Scheduled) { DueTime = TestFlow.Start } : state);
        var budget = new StepBudget { Time = TimeSpan.FromMinutes(8), Wait = true, Throttle = throttle == 0 ? null : new(throttle) };

        var run = StepRunner.Run(given, new() { Budget = budget, Pool = new ThreadPoolBodies() }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([StateType.Cancelled, StateType.Success], run.Types());
        Assert.Equal(["quick"], flow.Ran);
    }

    // One that once took longer than a step has time would never run again otherwise.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_first_body_of_a_step_starts_however_long_it_took_before(bool isInSubflow)
    {
        var retry = new RetryPolicy { MaxRetries = 1, Delays = [TimeSpan.FromHours(1)] };
        var flow = new TestFlow();
        var slow = new TaskOptions("slow", TestFlow.Body((context, _) =>
        {
            flow.Clock.Advance(TimeSpan.FromMinutes(6));
            return context.RunCount > 1 ? "done" : throw new InvalidOperationException("again");
        }))
        { Retry = retry };
        flow.Add(isInSubflow ? new("sub", null) { Subflow = new TestFlow("inner", clock: flow.Clock).Add(slow).Flow } : slow);
        var run = Step(flow.New());
        Assert.Equal(StateType.Scheduled, run.StateType);
        flow.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(StateType.Success, Step(flow.Travel(run)).StateType);

        static FlowState Step(FlowState run) =>
            StepRunner.Run(run, new() { Budget = new() { Time = TimeSpan.FromMinutes(5) } }, cancellationToken: TestContext.Current.CancellationToken);
    }

    // Later in the plan something takes so long that its time comes meanwhile.
    [Theory]
    [InlineData("task")]
    [InlineData("child")]
    [InlineData("task of a subflow")]
    public void Tasks_that_become_due_run_in_the_same_step(string kind)
    {
        var flow = new TestFlow().Task("list", _ => new[] { 1 });
        flow.Add(
            kind == "child" ? new("first", TestFlow.Body(_ => null)) { Map = [new("x", "list")] }
            : kind == "task" ? new("first", TestFlow.Body(_ => null)) { After = ["list"] }
            : new("first", null) { Subflow = new TestFlow("inner").Task("later").Flow, After = ["list"] });
        flow.Task("slow", _ =>
        {
            flow.Clock.Advance(TimeSpan.FromSeconds(10));
            return null;
        }, "list");
        var run = flow.Step(flow.New());
        var due = new State(StateType.Scheduled) { DueTime = flow.Clock.GetUtcNow().AddSeconds(5) };
        var given = run.Change(
            (task, child, state) => task.Slug == "slow" ? state.Reset(null) : task.Slug == "first" && (kind == "child" ? child is not null : kind == "task") ? due : state,
            (_, subflow) => subflow.Change((_, _) => due));
        Assert.Equal(StateType.Pending, given.StateType);

        Assert.Equal(StateType.Success, flow.Step(given).StateType);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_body_that_observes_cancellation_at_the_deadline_is_due_again(bool inParallelPass)
    {
        var flow = new TestFlow();
        flow.Add(new("long", TestFlow.Body((context, _) =>
        {
            var stop = context.CancellationToken;
            Advance(flow, minutes: 9);
            Assert.Equal(context.Step == 1, stop.IsCancellationRequested);
            stop.ThrowIfCancellationRequested();
            return "in time";
        })));
        flow.Task("behind", "long").Task("other");
        var budget = new StepBudget { Time = TimeSpan.FromMinutes(8), Throttle = inParallelPass ? new(1) : null };
        var cut = StepRunner.Run(
            flow.New(), new() { Budget = budget, Pool = new ThreadPoolBodies() }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([StateType.Cancelled, StateType.Cancelled, StateType.Cancelled], cut.Types());

        budget = budget with { Time = TimeSpan.FromMinutes(10) };
        var run = StepRunner.Run(
            flow.Travel(cut), new() { Budget = budget, ResetCancelled = true, Pool = new ThreadPoolBodies() }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("in time", 1), (run.Of("long").Result, run.Of("long").RunCount));
    }

    [Fact]
    public void A_body_that_ignores_cancellation_has_ended_when_it_returns()
    {
        var flow = new TestFlow();
        flow.Add(new("long", TestFlow.Body((context, _) =>
        {
            Advance(flow, minutes: 9);
            return context.CancellationToken.IsCancellationRequested;
        })));
        flow.Add(new("fails", TestFlow.Body(_ => throw new OperationCanceledException("mine"))));
        var run = StepRunner.Run(
            flow.New(), new() { Budget = new() { Time = TimeSpan.FromMinutes(8) } }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((true, StateType.Cancelled), (run.Of("long").Result, run.Of("fails").StateType));
        run = StepRunner.Run(flow.New(), new(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((false, StateType.Failed), (run.Of("long").Result, run.Of("fails").StateType));
    }

    [Fact]
    public void A_body_sees_the_remaining_time()
    {
        var left = new List<TimeSpan?>();
        var flow = new TestFlow();
        foreach (var name in new[] { "a", "b" })
        {
            flow.Add(new(name, TestFlow.Body((context, _) =>
            {
                left.Add(context.RemainingTime);
                return Advance(flow, minutes: 3);
            })));
        }

        StepRunner.Run(
            flow.New(), new() { Budget = new() { Time = TimeSpan.FromMinutes(8) } }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(5)], left);
    }

    private static object? Advance(TestFlow flow, int minutes)
    {
        flow.Clock.Advance(TimeSpan.FromMinutes(minutes));
        return null;
    }
}
