using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

public class RetryTests
{
    [Theory]
    [InlineData(1, StateType.Success)]
    [InlineData(2, StateType.Success)]
    [InlineData(3, StateType.Failed)]
    public void A_failed_task_is_retried_up_to_its_maximum_and_handlers_see_each_change(int failures, StateType expected)
    {
        var handler = new RecordingHandler();
        var counts = new List<int>();
        var flow = Failing(failures, new() { MaxRetries = 2 }, counts, handler);
        Assert.Equal(expected, flow.RunAll().Of("t").StateType);
        Assert.Equal(Enumerable.Range(1, Math.Min(failures + 1, 3)), counts);
        string[] history =
        [
            "t: Pending->Running: Starting task run.", "t: Running->Failed: Error during execution of task: fail 1",
            "t: Failed->Retrying: Retrying Task (after attempt 1 of 3)", "t: Retrying->Running: Starting task run.",
        ];
        Assert.Equal(history, handler.Changes.Take(4));
    }

    [Fact]
    public void A_task_waits_for_any_retry_delay_and_others_are_kept()
    {
        var policy = new RetryPolicy { MaxRetries = 1, Delays = [TimeSpan.MaxValue] };
        foreach (var retry in new[] { policy, policy with { Exponential = true, Jitter = 1 } })
        {
            var flow = new TestFlow().Task("ok").Add(new("a", TestFlow.Body(_ => throw new InvalidOperationException("a"))) { Retry = retry });
            var run = flow.Travel(flow.Step(flow.New()));
            Assert.Equal([StateType.Success, StateType.Retrying], run.Types());
            Assert.Equal(9999, run.Of("a").StartTime!.Value.Year);
        }
    }

    [Fact]
    public void A_failing_retry_filter_is_reported_and_the_flow_continues()
    {
        var flow = new TestFlow()
            .Add(new("a", TestFlow.Body(_ => throw new InvalidOperationException("a")))
            {
                Retry = new()
                {
                    MaxRetries = 1,
                    Filter = _ =>
                throw new InvalidOperationException("no filter")
                }
            })
            .Task("b");
        var told = new List<string>();
        var run = StepRunner.Run(flow.New(), new() { Notices = new RecordingNotices(told) }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([StateType.Failed, StateType.Success], run.Types());
        Assert.Equal("a", run.Of("a").Error!.Message);
        Assert.Equal(["FlowTaskInvalid: Task 'a' is not retried: its -RetryOn block failed: no filter."], told);
    }

    [Fact]
    public void A_step_does_not_wait_for_a_retry_but_reports_its_due_time()
    {
        var flow = Failing(1, new() { MaxRetries = 1, Delays = [TimeSpan.FromMinutes(5)] }).Task("after", "t").Task("sibling");
        var run = flow.Step(flow.New());
        Assert.Equal([StateType.Retrying, StateType.Pending, StateType.Success], run.Types());
        Assert.Equal((StateType.Scheduled, true, TestFlow.Start.AddMinutes(5)), (run.StateType, run.HasPending, run.NextStartTime!.Value));
        Assert.Empty(flow.Slept);

        run = flow.Travel(run);
        Assert.Same(run, flow.Step(run)); // too early: unchanged
        flow.Clock.Advance(TimeSpan.FromMinutes(5));
        run = flow.Step(run);
        Assert.Equal([StateType.Success, StateType.Success, StateType.Success], run.Types());
        Assert.Equal(2, run.Of("t").RunCount);
    }

    [Fact]
    public void A_waiting_step_runs_the_retry_itself()
    {
        var flow = Failing(2, new() { MaxRetries = 2, Delays = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)] });
        Assert.Equal(StateType.Success, flow.RunAll().StateType);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)], flow.Slept);
    }

    [Fact]
    public void A_step_does_not_wait_past_its_time_budget()
    {
        var flow = Failing(1, new() { MaxRetries = 1, Delays = [TimeSpan.FromMinutes(9)] });
        var budget = new StepBudget { Wait = true, Time = TimeSpan.FromMinutes(8) };
        Assert.Equal(StateType.Retrying, StepRunner.Run(
            flow.New(), new() { Budget = budget }, cancellationToken: TestContext.Current.CancellationToken).Of("t").StateType);
        Assert.Empty(flow.Slept);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Row_f_attempt_and_delay_travel_so_that_a_failing_task_ends(int budget)
    {
        var flow = Failing(int.MaxValue, new() { MaxRetries = 1 });
        var steps = flow.RunInSteps(budget);
        Assert.Equal(3 - budget, steps.Count);
        Assert.Equal((StateType.Failed, 2), (steps[^1].Of("t").StateType, steps[^1].Of("t").RunCount));
        Assert.Equal(2, flow.Ran.Count);
    }

    [Fact]
    public void Only_errors_that_pass_the_filter_are_retried()
    {
        var flow = Failing(1, new() { MaxRetries = 5, Filter = error => error?.ExceptionType != typeof(InvalidOperationException).FullName });
        Assert.Equal(StateType.Failed, flow.RunAll().Of("t").StateType);
        Assert.Single(flow.Ran);
    }

    [Theory]
    [InlineData(StateType.Failed)]
    [InlineData(StateType.TriggerFailed)]
    [InlineData(StateType.ValidationFailed)]
    public void A_signal_that_fails_the_task_is_retried(StateType type)
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body(_ => throw RecordingHandler.Signal(type, "msg"))) { Retry = new() { MaxRetries = 1 } });
        Assert.Equal(type, flow.RunAll().Of("t").StateType);
        Assert.Equal(2, flow.Ran.Count);
    }

    [Fact]
    public void EndRun_and_TriggerFailed_are_not_retried()
    {
        var retry = new RetryPolicy { MaxRetries = 3 };
        var flow = new TestFlow()
            .Add(new("t", TestFlow.Body(_ => throw RecordingHandler.Signal(StateType.Failed, "endrun failed", endsRun: true))) { Retry = retry })
            .Add(new("after", TestFlow.Body(_ => null)) { Retry = retry, After = ["t"] });
        Assert.Equal([StateType.Failed, StateType.TriggerFailed], flow.RunAll().Types());
        Assert.Equal(["t"], flow.Ran);
    }

    [Fact]
    public void A_retry_signal_works_without_MaxRetries_and_may_set_a_time()
    {
        var due = TestFlow.Start.AddHours(1);
        var flow = new TestFlow();
        flow.Task("t", _ => flow.Ran.Count <= 5 ? throw new FlowSignalException(new(StateType.Retrying, "msg") { DueTime = due }, endsRun: false) : "ok");
        var run = flow.Step(flow.New());
        Assert.Equal((StateType.Retrying, "msg", due, 1), (run.Of("t").StateType, run.Of("t").Message, run.NextStartTime!.Value, run.Of("t").RunCount));
        flow.Clock.Advance(TimeSpan.FromHours(1));
        run = flow.Step(run);
        Assert.Equal((StateType.Success, 6), (run.Of("t").StateType, run.Of("t").RunCount));
    }

    [Fact]
    public void A_retry_downstream_of_a_pause_does_not_keep_a_step_running()
    {
        var flow = new TestFlow().Task("paused").Task("t", "paused");
        var given = flow.New().Change((task, _) => task.Name == "t" ? new(StateType.Retrying) { DueTime = TestFlow.Start } : new(StateType.Paused));
        Assert.Same(given, flow.Step(given));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(60, 86400)]
    public void Exponential_backoff_doubles_the_delay_up_to_a_day(int attempt, int seconds)
    {
        var policy = new RetryPolicy { MaxRetries = 100, Delays = [TimeSpan.FromSeconds(2)], Exponential = true };
        Assert.Equal(TimeSpan.FromSeconds(seconds), policy.DelayAfter(attempt, 0));
    }

    [Fact]
    public void Jitter_adds_at_most_its_fraction_of_the_delay()
    {
        var policy = new RetryPolicy { MaxRetries = 1, Delays = [TimeSpan.FromSeconds(10)], Jitter = 0.5 };
        Assert.Equal([10, 12.5], new[] { 0, 0.5 }.Select(chance => policy.DelayAfter(1, chance).TotalSeconds));
    }

    private static TestFlow Failing(int times, RetryPolicy retry, List<int>? counts = null, RecordingHandler? handler = null)
    {
        var failed = 0;
        return new TestFlow(options: new() { StateHandlers = handler is null ? [] : [handler] }).Add(new("t", TestFlow.Body((context, _) =>
        {
            counts?.Add(context.RunCount);
            return failed++ < times ? throw new InvalidOperationException($"fail {failed}") : "ok";
        }))
        { Retry = retry });
    }
}
