using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

public class LoopTests
{
    [Fact]
    public void The_history_has_each_pass_and_the_start_of_the_next()
    {
        var store = RecordedFlowExtensions.NewStore();
        new TestFlow(options: new() { Store = store }).Add(new("loop", TestFlow.Body((context, _) => context.LoopCount < 2
            ? throw new FlowSignalException(new(StateType.Looped), endsRun: false)
            : null))).Recorded().Step("run");

        Assert.Equal(
            [
                (StateType.Pending, StateType.Running), (StateType.Running, StateType.Looped), (StateType.Looped, StateType.Pending),
                (StateType.Pending, StateType.Running), (StateType.Running, StateType.Success),
            ],
            PrefectPS.Runs.RunHistory.Find(store, "flow", "run")!.Changes.Select(change => (change.FromType, change.ToType)));
    }

    [Fact]
    public void Each_loop_pass_has_its_count_and_the_previous_result()
    {
        var handler = new RecordingHandler();
        var flow = Looping(passes: 4, handler: handler);
        var task = flow.RunAll().Of("t");
        Assert.Equal((StateType.Success, "4:30"), (task.StateType, task.Result));
        Assert.Equal(
            [
                "t: Pending->Running: Starting task run.", "t: Running->Looped: L1",
                "t: Pending->Running: Starting task run.", "t: Running->Looped: L2",
                "t: Pending->Running: Starting task run.", "t: Running->Looped: L3",
                "t: Pending->Running: Starting task run.", "t: Running->Success: Task run succeeded.",
            ],
            handler.Changes);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void Row_g_a_loop_of_three_passes_ends_with_any_budget(int budget, int steps)
    {
        var flow = Looping(passes: 3);
        var runs = flow.RunInSteps(budget);
        Assert.Equal(steps, runs.Count);
        Assert.Equal("3:20", runs[^1].Of("t").Result);
        Assert.Equal(3, flow.Ran.Count);
    }

    [Fact]
    public void A_loop_interrupted_by_the_budget_is_Pending_not_Cancelled()
    {
        var flow = Looping(passes: 3);
        var run = flow.Step(flow.New(), maxTasks: 1);
        Assert.Equal((StateType.Pending, "Looping task (on loop index 2)"), (run.Of("t").StateType, run.Of("t").Message));
        Assert.True(run.HasPending);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void A_pass_that_fails_and_is_retried_is_the_same_pass_with_the_same_result(int budget)
    {
        var seen = new List<(int Loop, object? Result, int Run)>();
        var flow = new TestFlow().Add(new("t", TestFlow.Body((context, _) =>
        {
            seen.Add((context.LoopCount, context.LoopResult, context.RunCount));
            return context.LoopCount == 1 ? throw Loop("L1", 10)
                : context.RunCount == 1 ? throw new InvalidOperationException()
                : "done";
        }))
        { Retry = new() { MaxRetries = 1 } });
        Assert.Equal(StateType.Success, flow.RunInSteps(budget)[^1].Of("t").StateType);
        Assert.Equal([(1, null, 1), (2, 10, 1), (2, 10, 2)], seen);
    }

    [Fact]
    public void A_failed_pass_is_repeated_whatever_a_handler_makes_of_the_failure()
    {
        Func<FlowTaskState, FlowTaskState?>[] answers =
        [
            _ => throw RecordingHandler.Signal(StateType.Failed, "from a signal"),
            failed => failed.With(new(StateType.Failed, "in other words")),
        ];
        foreach (var answer in answers)
        {
            var seen = new List<(int Loop, object? Result)>();
            var flow = new TestFlow().Add(new("t", TestFlow.Body((context, _) =>
            {
                seen.Add((context.LoopCount, context.LoopResult));
                return context.LoopCount < 3 ? throw Loop("on", context.LoopCount * 10)
                    : context.RunCount == 1 ? throw new InvalidOperationException()
                    : "done";
            }))
            { Retry = new() { MaxRetries = 1 }, StateHandlers = [new RecordingHandler((_, @new) => @new.IsFailed ? answer(@new) : null)] });
            Assert.Equal("done", flow.RunAll().Of("t").Result);
            Assert.Equal([(1, null), (2, 10), (3, 20), (3, 20)], seen);
        }
    }

    [Fact]
    public void A_loop_keeps_counting_if_a_handler_replaces_or_sends_Looped()
    {
        Func<FlowTaskState, FlowTaskState?>[] answers =
        [
            looped => looped.With(new(StateType.Looped, "page read") { Result = looped.Inner.Result }),
            looped => throw Loop("page read", looped.Result!),
        ];
        foreach (var answer in answers)
            Assert.Equal("3:20", Looping(passes: 3, new RecordingHandler((_, @new) => @new.StateType == StateType.Looped ? answer(@new) : null)).RunAll().Of("t").Result);
    }

    [Fact]
    public void A_postponed_pass_keeps_its_number()
    {
        var flow = Looping(passes: 3);
        var run = flow.Step(flow.New(), maxTasks: 1);
        run = flow.Travel(run.Change((_, state) => state.Postpone(StateType.Scheduled, "later") with { DueTime = TestFlow.Start }));
        Assert.Equal("3:20", flow.Step(run).Of("t").Result);
    }

    private static TestFlow Looping(int passes, RecordingHandler? handler = null) =>
        new TestFlow(options: new() { StateHandlers = handler is null ? [] : [handler] }).Add(new("t", TestFlow.Body((context, _) =>
            context.LoopCount < passes ? throw Loop($"L{context.LoopCount}", context.LoopCount * 10) : $"{context.LoopCount}:{context.LoopResult}")));

    private static FlowSignalException Loop(string message, object result) =>
        new(new State(StateType.Looped, message) { Result = TaskResult.Of(result) }, endsRun: false);
}
