using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>A map with a goal ends once the goal is decided: children not started by then are skipped with a reason.</summary>
public class MapGoalTests
{
    private const string Enough = "Not begun: 2 of 5 children have succeeded, and -MapAtLeast 2 is reached.";

    private readonly List<int> _began = [];

    public static TheoryData<string> Forms { get; } = ["json", "array", "compact", "memory"];

    [Fact]
    public void Enough_successes_skip_the_remaining_children_with_a_reason()
    {
        var run = Map(new(2, null), fails: [0]).RunAll();
        Assert.Equal([0, 1, 2], _began);
        Assert.Equal(["Failed", "Success", "Success", "Skipped", "Skipped"], Children(run));
        Assert.Equal(Enough, run.Of("map").Children[4].Message);
        Assert.Equal("2 of 5 children succeeded, 1 failed, 2 not begun: -MapAtLeast 2 is reached.", run.Of("map").Message);
    }

    [Fact]
    public void A_reached_goal_passes_the_succeeded_results_downstream_in_order()
    {
        var run = Map(new(2, null), fails: [0]).RunAll();
        Assert.Equal((StateType.Success, true, false), (run.StateType, run.Of("map").IsSuccessful, run.Of("map").IsFailed));
        Assert.Equal([1, 2], Assert.IsType<object[]>(run.Of("map").Result));
        Assert.Equal("[1 2]", run.Of("behind").Result);
    }

    [Fact]
    public void Too_many_failures_skip_the_remaining_children_and_fail_the_map()
    {
        var run = Map(new(null, 1), fails: [1, 2]).RunAll();
        Assert.Equal([0, 1, 2], _began);
        Assert.Equal("Not begun: 2 of 5 children have failed, more than -MapAtMostFailed 1.", run.Of("map").Children[3].Message);
        Assert.Equal((StateType.Failed, StateType.TriggerFailed, true), (run.StateType, run.Of("behind").StateType, run.Of("map").IsFailed));
        Assert.Equal("1 of 5 children succeeded, 2 failed, 2 not begun: more failed than -MapAtMostFailed 1.", run.Of("map").Message);
    }

    [Fact]
    public void Tolerated_failures_do_not_fail_the_map()
    {
        var run = Map(new(null, 2), fails: [1, 3]).RunAll();
        Assert.Equal([0, 1, 2, 3, 4], _began);
        Assert.Equal((StateType.Success, "[0 2 4]"), (run.StateType, run.Of("behind").Result));
    }

    [Fact]
    public void Too_few_successes_fail_the_map_even_if_all_children_ran()
    {
        var run = Map(new(3, null), fails: [0, 1, 2]).RunAll();
        Assert.Equal(5, _began.Count);
        Assert.Equal((StateType.Failed, StateType.TriggerFailed), (run.StateType, run.Of("behind").StateType));
        Assert.Equal("2 of 5 children succeeded, 3 failed, 0 not begun: fewer succeeded than -MapAtLeast 3.", run.Of("map").Message);
    }

    [Theory]
    [InlineData(0.4, null, 5, 2)]
    [InlineData(0.5, null, 5, 3)]
    [InlineData(0.07, null, 100, 7)]
    [InlineData(0.29, null, 100, 29)]
    [InlineData(1.0, null, 5, 1)]
    [InlineData(0.0001, null, 5, 1)]
    [InlineData(0.999, null, 5, 5)]
    public void A_goal_below_1_is_a_fraction_of_all_children(double? atLeast, double? atMost, int count, int begun)
    {
        Map(new(atLeast, atMost), count: count).RunAll();
        Assert.Equal(begun, _began.Count);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.29, 30)]
    [InlineData(0.999, 100)]
    [InlineData(3, 4)]
    public void MapAtMostFailed_may_be_a_fraction_too(double atMost, int begun)
    {
        Map(new(null, atMost), fails: [.. Enumerable.Range(0, 100)], count: 100).RunAll();
        Assert.Equal(begun, _began.Count);
    }

    [Fact]
    public void The_first_of_two_limits_decides_and_enough_successes_win()
    {
        Map(new(2, 0), fails: [2]).RunAll();
        Assert.Equal([0, 1], _began);
        _began.Clear();
        Map(new(2, 0), fails: [0]).RunAll();
        Assert.Equal([0], _began);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(1, 0)]
    public void A_list_shorter_than_the_goal_fails_the_map_before_any_child_starts(int atLeast, int count)
    {
        var run = Map(new(atLeast, null), count: count).RunAll();
        Assert.Empty(_began);
        Assert.Equal((StateType.Failed, $"The task is mapped over {count} elements, fewer than -MapAtLeast {atLeast}: no child was started."),
            (run.Of("map").StateType, run.Of("map").Message));
        Assert.Equal(StateType.Failed, run.StateType);
    }

    [Fact]
    public void An_empty_list_reaches_a_fractional_goal()
    {
        Assert.Equal(StateType.Success, Map(new(0.5, null), count: 0).RunAll().StateType);
        Assert.Equal(StateType.Success, Map(new(null, 0), count: 0).RunAll().StateType);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_goal_works_across_steps(string form)
    {
        foreach (var goal in new MapGoal[] { new(2, null), new(null, 0), new(3, 1), new(0.5, 0.2) })
        {
            _began.Clear();
            var whole = AnyFlow.Describe(Map(goal, fails: [1]).RunAll());
            int[] expected = [.. _began];
            _began.Clear();
            var flow = Map(goal, fails: [1]);
            var run = flow.New();
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 50);
                run = Travel(flow, flow.Step(run, maxTasks: 1, reset: true), form);
            }

            Assert.Equal(whole, AnyFlow.Describe(run));
            Assert.Equal(expected, _began);
        }
    }

    [Fact]
    public void A_child_waiting_for_a_retry_is_skipped()
    {
        var flow = Map(new(2, null), fails: [0], retry: new() { MaxRetries = 1, Delays = [TimeSpan.FromHours(6)] });
        var run = flow.RunAll();
        Assert.Empty(flow.Slept);
        Assert.Equal((StateType.Success, "Skipped", Enough), (run.StateType, run.Of("map").Children[0].State, run.Of("map").Children[0].Message));
    }

    [Fact]
    public void A_child_waiting_for_an_event_is_skipped()
    {
        var flow = new TestFlow().Task("list", _ => new object[] { 1, 2 });
        flow.Add(new("map", TestFlow.Body((context, _) => context.MapIndex)) { Map = [new("x", "list")], Goal = new(1, null), Event = new("go-{x}") });
        var run = flow.RunAll(flow.RunAll().Given("go-2", "{}"));
        Assert.Equal((StateType.Success, "Skipped"), (run.StateType, run.Of("map").Children[0].State));
    }

    [Fact]
    public void A_loop_between_passes_and_a_running_subflow_finish()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("x", null)]) }).Task("one").Task("two", "one");
        var flow = new TestFlow().Task("list", _ => new object[] { 1, 2 });
        flow.Add(new("map", null) { Subflow = inner.Flow, Map = [new("x", "list")], Goal = new(1, null) });
        var run = flow.Step(flow.Step(flow.New(), maxTasks: 2, reset: true), maxTasks: 0, reset: true);
        run = run.Change((task, state) => task.Name == "map" && state.Children is { } children
            ? state.WithChildren([children[0], new State(StateType.Success) { Result = TaskResult.Of(1) }]) : state);
        run = flow.RunAll(flow.Travel(run));
        Assert.Equal(["Success", "Success"], Children(run));
        Assert.Equal(["one", "two"], inner.Ran);
    }

    [Fact]
    public void A_skipped_child_is_neither_success_nor_failure()
    {
        var flow = new TestFlow().Task("list", _ => new object[] { 0, 1, 2, 3 });
        flow.Add(new("map", TestFlow.Body((context, _) => context.MapIndex < 2 ? throw RecordingHandler.Signal(StateType.Skipped, "no") : context.MapIndex))
        {
            Map = [new("x", "list")],
            Goal = new(1, 0),
        });
        var run = flow.RunAll();
        Assert.Equal(["Skipped", "Skipped", "Success", "Skipped"], Children(run));
        Assert.Equal([2], Assert.IsType<object[]>(run.Of("map").Result));
    }

    [Fact]
    public void A_map_over_it_takes_the_succeeded_children_once_it_is_over()
    {
        var flow = Map(new(null, 2), fails: [0, 3]);
        flow.Add(new("over", TestFlow.Body(arguments => $"{arguments[0].Value}!")) { Map = [new("x", "map")] });
        flow.Add(new("flat", TestFlow.Body(arguments => $"{arguments[0].Value}?")) { Map = [new("x", "map")], Flatten = true });
        var run = flow.RunAll();
        Assert.Equal(["1!", "2!", "4!"], Assert.IsType<object[]>(run.Of("over").Result));
        Assert.Equal(["1?", "2?", "4?"], Assert.IsType<object[]>(run.Of("flat").Result));
        Assert.Equal(StateType.Success, run.StateType);
    }

    [Fact]
    public void A_map_over_a_failed_map_does_not_run_and_the_run_fails()
    {
        var flow = Map(new(null, 0), fails: [0]);
        flow.Add(new("over", TestFlow.Body(arguments => $"{arguments[0].Value}!")) { Map = [new("x", "map")] });
        Assert.Equal((StateType.Failed, StateType.Failed), flow.RunAll() is var run ? (run.StateType, run.Of("over").StateType) : default);
    }

    [Fact]
    public void Triggers_see_the_successes_of_a_reached_goal_and_a_failure_of_a_missed_one()
    {
        foreach (var (goal, trigger, expected) in new[]
        {
            (new MapGoal(2, null), "any_failed", StateType.TriggerFailed), (new(3, null), "any_failed", StateType.Success), (new(2, null), "all_successful", StateType.Success),
            (new(3, null), "all_successful", StateType.TriggerFailed),
        })
        {
            var flow = Map(goal, fails: [0, 1, 2]);
            flow.Add(new("asks", TestFlow.Body(_ => 1)) { After = ["map"], Trigger = Trigger.Find(trigger)! });
            Assert.Equal((trigger, expected), (trigger, flow.RunAll().Of("asks").StateType));
        }
    }

    [Fact]
    public void Skipped_children_run_once_an_edit_reopens_the_map()
    {
        var flow = Map(new(null, 0), fails: [0]);
        var failed = flow.RunAll();
        Assert.Equal(["Failed", "Skipped", "Skipped", "Skipped", "Skipped"], Children(failed));
        var mended = Map(new(null, 0));
        _began.Clear();
        var run = mended.RunAll(AnyFlow.SetBack(mended.Travel(failed), "map"));
        Assert.Equal((StateType.Success, 5), (run.StateType, _began.Count));

        _began.Clear();
        var one = mended.Travel(failed).Change((task, state) => state.Type == StateType.Failed ? state.Reset(null) : state)
            .Change((task, state) => task.Name == "behind" ? state.Reset(null) : state);
        run = mended.RunAll(one);
        Assert.Equal((StateType.Success, "[0 1 2 3 4]"), (run.StateType, run.Of("behind").Result));
    }

    [Theory]
    [InlineData(null, 0d, StateType.Success, "1, 2, 3, 4", 0)] // 0 had failed: one too many
    [InlineData(2d, null, StateType.Failed, "2", 2)] // 0 and 1 had succeeded: enough
    [InlineData(2d, null, StateType.Cancelled, "2", 3)] // the edited child is skipped itself
    [InlineData(1d, null, StateType.Success, "", 4)] // unchanged
    internal void What_was_left_out_runs_once_the_end_is_set_by_hand_that_had_decided_the_goal(double? atLeast, double? atMost, StateType to, string begun, int left)
    {
        var flow = Map(new(atLeast, atMost), fails: atMost is null ? [] : [0]);
        var ended = flow.Travel(flow.RunAll());
        _began.Clear();
        var run = flow.RunAll(flow.Travel(Edit(Edit(ended, to, "map[0]"), StateType.Pending, "behind")));
        Assert.Equal((StateType.Success, begun), (run.StateType, string.Join(", ", _began)));
        Assert.Equal(left, run.Of("map").Children.Count(child => child.Inner.IsNotBegun));

        static FlowState Edit(FlowState run, StateType to, string task) => new TaskEdit(to) { Tasks = [task] }.ToStateEdit().Of(run);
    }

    [Fact]
    public void A_changed_goal_applies_from_the_next_step()
    {
        var run = Map(new(2, null)).Step(Map(new(2, null)).New(), maxTasks: 2, reset: true);
        var flow = Map(new(4, null));
        _began.Clear();
        Assert.Equal(StateType.Success, flow.RunAll(flow.Travel(run)).StateType);
        Assert.Equal([1, 2, 3], _began);
    }

    [Fact]
    public void State_handlers_see_skipped_children()
    {
        var told = new List<string>();
        var flow = Map(new(4, null), handler: new RecordingHandler((old, @new) =>
        {
            told.Add($"{@new.Slug} {old.State} {@new.State}");
            return null;
        }));
        flow.RunAll();
        Assert.Equal("map[4] Pending Skipped", told[^1]);
    }

    [Fact]
    public void A_step_without_budget_still_skips_children()
    {
        var flow = Map(new(1, null));
        var run = flow.Step(flow.Step(flow.New(), maxTasks: 2, reset: true), maxTasks: 0, reset: true);
        Assert.Equal(["Success", "Skipped", "Skipped", "Skipped", "Skipped"], Children(run));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Children_running_when_the_goal_is_decided_finish(int throttle)
    {
        using var gate = new SemaphoreSlim(0);
        var flow = new TestFlow(TimeProvider.System);
        flow.Task("list", _ => Enumerable.Range(0, 20).Cast<object>().ToArray());
        flow.Add(new("map", TestFlow.Body((context, _) =>
        {
            lock (_began)
                _began.Add(context.MapIndex!.Value);
            if (context.MapIndex > 0)
                gate.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            else
                gate.Release(20);
            return context.MapIndex;
        }))
        { Map = [new("x", "list")], Goal = new(1, null) });
        var run = StepRunner.Run(flow.New(), new() { Budget = new() { Throttle = new(throttle) }, Pool = new ThreadPoolBodies() },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(StateType.Success, run.StateType);
        Assert.InRange(_began.Count, 1, throttle + 1);
        Assert.Equal(_began.Order(), run.Of("map").Children.Where(child => child.State == "Success").Select(child => child.MapIndex!.Value));
        Assert.Equal(20 - _began.Count, run.Of("map").Children.Count(child => child.State == "Skipped"));
    }

    [Theory]
    [InlineData(0.0, null)]
    [InlineData(-1.0, null)]
    [InlineData(1.5, null)]
    [InlineData(double.NaN, null)]
    [InlineData(double.PositiveInfinity, null)]
    [InlineData(1e9, null)]
    [InlineData(null, -0.1)]
    [InlineData(null, 2.5)]
    [InlineData(null, double.NaN)]
    [InlineData(null, double.PositiveInfinity)]
    public void Invalid_goals_are_rejected(double? atLeast, double? atMost)
    {
        var e = Assert.Throws<FlowException>(() => Map(new(atLeast, atMost)));
        Assert.Equal(FlowErrorId.TaskInvalid, e.Id);
        Assert.Contains(atLeast is null ? "-MapAtMostFailed is how many of its children may fail" : "-MapAtLeast is how many of its children have to succeed", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_goal_without_a_map_is_rejected() =>
        Assert.Contains("need -Map", Assert.Throws<FlowException>(() => new TestFlow().Add(new("a", TestFlow.Body(_ => 1)) { Goal = new(1, null) })).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"at_least": 1.5}""")]
    [InlineData("""{"at_least": -1}""")]
    [InlineData("""{"at_least": "2"}""")]
    [InlineData("""{"at_most_failed": 1e300}""")]
    [InlineData("""{}""")]
    [InlineData("[]")]
    public void A_damaged_goal_in_a_document_is_rejected(string goal)
    {
        var flow = Map(new(2, null));
        var text = System.Text.Encoding.UTF8.GetString(FlowStateWriter.Write(flow.Step(flow.New(), maxTasks: 2, reset: true)));
        Assert.Contains("""{"at_least":2}""", text, StringComparison.Ordinal);
        var damaged = text.Replace("""{"at_least":2}""", goal, StringComparison.Ordinal);
        Assert.Equal(FlowErrorId.StateInvalid, Assert.Throws<FlowException>(() => FlowStateReader.Read(flow.Flow, System.Text.Encoding.UTF8.GetBytes(damaged))).Id);
    }

    [Fact]
    public void A_document_of_a_map_without_a_goal_has_no_goal()
    {
        var run = Map(goal: null).RunAll();
        Assert.DoesNotContain("goal", System.Text.Encoding.UTF8.GetString(FlowStateWriter.Write(run)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_shows_skipped_children()
    {
        var flow = Map(new(2, null));
        var run = flow.Step(flow.New(), maxTasks: 1, reset: true);
        var plans = StepPlanner.Plan(run, new() { Budget = new(), ResetCancelled = true }, TestContext.Current.CancellationToken);
        Assert.Equal(["Run", "Run", "Skip", "Skip", "Skip"], plans.Where(plan => plan.MapIndex is not null).Select(plan => plan.Action));
        Assert.Equal("Not begun: 2 of 5 children have succeeded, and -MapAtLeast 2 is reached", plans.First(plan => plan.MapIndex == 3).Reason);

        var beside = StepPlanner.Plan(run, new() { Budget = new() { Throttle = new(3) }, ResetCancelled = true }, TestContext.Current.CancellationToken);
        Assert.Equal(["Run", "Run", "Unknown", "Unknown", "Skip"], beside.Where(plan => plan.MapIndex is not null).Select(plan => plan.Action));
    }

    [Fact]
    public void A_subflow_reports_a_map_with_too_few_successes()
    {
        var inner = new TestFlow("inner").Task("list", _ => new object[] { 1, 2 });
        inner.Add(new("map", TestFlow.Body(_ => throw RecordingHandler.Signal(StateType.Skipped, "no"))) { Map = [new("x", "list")], Goal = new(1, null) });
        var flow = new TestFlow();
        flow.Add(new("outer", null) { Subflow = inner.Flow });
        Assert.Contains("fewer succeeded than -MapAtLeast 1", flow.RunAll().Of("outer").Message, StringComparison.Ordinal);
    }

    private TestFlow Map(MapGoal? goal, int[]? fails = null, int count = 5, RetryPolicy? retry = null, IStateHandler? handler = null)
    {
        var flow = new TestFlow().Task("list", _ => Enumerable.Range(0, count).Cast<object>().ToArray());
        flow.Add(new("map", TestFlow.Body((context, _) =>
        {
            _began.Add(context.MapIndex!.Value);
            return fails?.Contains(context.MapIndex.Value) == true ? throw new InvalidOperationException("bad") : context.MapIndex;
        }))
        { Map = [new("x", "list")], Goal = goal, Retry = retry, StateHandlers = handler is null ? [] : [handler] });
        return flow.Add(new("behind", TestFlow.Body(arguments => TaskSpec.Show(arguments[0].Value))) { InputFrom = [new("all", "map")] });
    }

    private static string[] Children(FlowState run) => [.. run.Of("map").Children.Select(child => child.State)];

    private static FlowState Travel(TestFlow flow, FlowState run, string form) => form switch
    {
        "json" => flow.Travel(run),
        "array" => FlowStateReader.Read(flow.Flow, PrefectWriter.Write(run)).Run,
        "compact" => CompactReader.Read(flow.Flow, CompactWriter.Write(run), ReadingOptions.Default).Run,
        _ => run,
    };
}
