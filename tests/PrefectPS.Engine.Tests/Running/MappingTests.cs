using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

public class MappingTests
{
    [Fact]
    public void A_mapped_task_runs_once_per_element_and_a_downstream_task_takes_all_results()
    {
        var handler = new RecordingHandler();
        var flow = Doubling(new[] { 1, 2, 3 }, handler);
        var run = flow.RunAll();
        Assert.Equal([2, 4, 6], (object?[])run.Of("double").Result!);
        Assert.Equal(12, run.Of("sum").Result);
        Assert.Equal((StateType.Mapped, "Ready to proceed with mapping."), (run.Of("double").StateType, run.Of("double").Message));
        Assert.Equal(["double[0]", "double[1]", "double[2]"], run.Of("double").Children.Select(c => c.Slug));
        Assert.Equal([0, 1, 2], run.Of("double").Children.Select(c => c.MapIndex!.Value));
        Assert.Equal(
            ["double: Pending->Mapped: Ready to proceed with mapping.", "double[0]: Pending->Running: Starting task run.", "double[0]: Running->Success: Task run succeeded."],
            handler.Changes.Where(c => c.StartsWith("double", StringComparison.Ordinal)).Take(3));
        Assert.Equal((StateType.Success, "All reference tasks succeeded."), (run.StateType, run.Message));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(10, 1)]
    public void Row_h_children_travel_one_by_one_and_none_runs_twice(int budget, int steps)
    {
        var flow = Doubling(new[] { 1, 2, 3 });
        var runs = flow.RunInSteps(budget);
        Assert.Equal(steps, runs.Count);
        Assert.Equal((StateType.Success, 12), (runs[^1].StateType, runs[^1].Of("sum").Result));
        Assert.Equal(5, flow.Ran.Count);
    }

    [Fact]
    public void A_map_interrupted_by_the_budget_keeps_its_progress()
    {
        var flow = Doubling(new[] { 1, 2, 3 });
        var run = flow.Step(flow.New(), maxTasks: 2);
        Assert.Equal([StateType.Success, StateType.Mapped, StateType.Cancelled], run.Types());
        Assert.Equal([StateType.Success, StateType.Pending, StateType.Pending], run.Of("double").Children.Select(c => c.StateType));
        Assert.False(run.Of("double").IsFinished);
        Assert.Equal((true, "2 of 5 tasks still to run."), (run.HasPending, run.Message));
    }

    [Theory]
    [InlineData("all_successful", StateType.TriggerFailed, StateType.Failed)]
    [InlineData("all_finished", StateType.Success, StateType.Success)]
    public void A_failed_child_fails_tasks_that_need_all_but_not_its_siblings(string trigger, StateType behind, StateType whole)
    {
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2, 3 })
            .Add(new("map", TestFlow.Body(a => a[0].Value is 2 ? throw new InvalidOperationException("two") : a[0].Value)) { Map = [new("x", "list")] })
            .Add(new("reduce", TestFlow.Body(a => a[0].Value)) { InputFrom = [new("all", "map")], Trigger = Trigger.Find(trigger)! });
        var run = flow.RunAll();
        Assert.Equal([StateType.Success, StateType.Failed, StateType.Success], run.Of("map").Children.Select(c => c.StateType));
        Assert.Equal((behind, whole), (run.Of("reduce").StateType, run.StateType));
    }

    [Fact]
    public void Of_several_mapped_inputs_the_shortest_wins_and_unmapped_ones_are_shared()
    {
        var flow = new TestFlow().Task("a", _ => new[] { 1, 2, 3 }).Task("b", _ => new[] { 10, 20 }).Task("c", _ => "x")
            .Add(new("zip", TestFlow.Body(a => $"{a[0].Value} {a[1].Value} {a[2].Value} {a[3].Value}"))
            {
                Map = [new("p", "a"), new("q", "b")],
                InputFrom = [new("r", "c")],
                Arguments = [new("s", "!")],
            });
        Assert.Equal(["1 10 x !", "2 20 x !"], (object?[])flow.RunAll().Of("zip").Result!);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void A_map_over_a_map_runs_child_by_child(int budget)
    {
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2, 3 })
            .Add(new("first", TestFlow.Body(a => a[0].Value is 2 ? throw new InvalidOperationException() : (int)a[0].Value! * 10)) { Map = [new("x", "list")] })
            .Add(new("second", TestFlow.Body(a => (int)a[0].Value! + 1)) { Map = [new("x", "first")] });
        var run = flow.RunInSteps(budget)[^1];
        Assert.Equal([StateType.Success, StateType.TriggerFailed, StateType.Success], run.Of("second").Children.Select(c => c.StateType));
        Assert.Equal([11, null, 31], (object?[])run.Of("second").Result!);
    }

    [Fact]
    public void Flatten_maps_over_the_inner_elements()
    {
        var flow = new TestFlow().Task("list", _ => new object[] { new[] { 1, 2 }, Array.Empty<int>(), new[] { 3 } })
            .Add(new("map", TestFlow.Body(a => (int)a[0].Value! * 2)) { Map = [new("x", "list")], Flatten = true });
        Assert.Equal([2, 4, 6], (object?[])flow.RunAll().Of("map").Result!);

        var mapped = new TestFlow().Task("list", _ => new[] { 1, 2 })
            .Add(new("lists", TestFlow.Body(a => Enumerable.Repeat(a[0].Value, (int)a[0].Value!).ToArray())) { Map = [new("x", "list")] })
            .Add(new("flat", TestFlow.Body(a => a[0].Value)) { Map = [new("x", "lists")], Flatten = true });
        Assert.Equal([1, 2, 2], (object?[])mapped.RunInSteps(maxTasks: 1)[^1].Of("flat").Result!);
    }

    [Fact]
    public void Mapping_over_nothing_is_a_success_without_children()
    {
        foreach (var nothing in new object?[] { null, Array.Empty<int>() })
        {
            var flow = Doubling(nothing);
            var run = flow.RunInSteps(maxTasks: 1)[^1];
            Assert.Equal((StateType.Mapped, 0), (run.Of("double").StateType, run.Of("sum").Result));
            Assert.Empty(run.Of("double").Children);
            Assert.Equal(StateType.Success, run.StateType);
        }
    }

    [Fact]
    public void A_single_object_is_a_list_of_one_but_a_number_cannot_be_mapped()
    {
        var text = new TestFlow().Task("list", _ => "file.txt").Add(new("map", TestFlow.Body(a => a[0].Value)) { Map = [new("x", "list")] });
        Assert.Equal(["file.txt"], (object?[])text.RunAll().Of("map").Result!);

        var number = new TestFlow().Task("list", _ => 5).Add(new("map", TestFlow.Body(a => a[0].Value)) { Map = [new("x", "list")] });
        var task = number.RunAll().Of("map");
        Assert.Equal((StateType.Failed, "At least one upstream state has an unmappable result."), (task.StateType, task.Message));
        Assert.Contains("'list' is 5", task.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mapping_over_a_failed_task_fails()
    {
        var flow = new TestFlow().Task("list", _ => throw new InvalidOperationException()).Add(new("map", TestFlow.Body(_ => null)) { Map = [new("x", "list")] });
        Assert.Equal((StateType.Failed, "No upstream states can be mapped over."), (flow.RunAll().Of("map").StateType, flow.RunAll().Of("map").Message));
    }

    [Fact]
    public void A_child_is_retried_on_its_own()
    {
        var failed = new HashSet<object?>();
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2 }).Add(new("map", TestFlow.Body(a =>
            a[0].Value is 2 && failed.Add(a[0].Value) ? throw new InvalidOperationException() : a[0].Value))
        { Map = [new("x", "list")], Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromMinutes(1)] } });
        var run = flow.Travel(flow.Step(flow.New()));
        Assert.Equal([StateType.Success, StateType.Retrying], run.Of("map").Children.Select(c => c.StateType));
        Assert.Equal((StateType.Scheduled, TestFlow.Start.AddMinutes(1)), (run.StateType, run.NextStartTime!.Value));

        flow.Clock.Advance(TimeSpan.FromMinutes(1));
        run = flow.Step(run);
        Assert.Equal((StateType.Success, 2), (run.StateType, run.Of("map").Children[1].RunCount));
        Assert.Equal(4, flow.Ran.Count);
    }

    [Fact]
    public void Children_get_different_targets_even_if_the_template_does_not_distinguish_them()
    {
        var folder = Directory.CreateTempSubdirectory("prefectps-").FullName;
        try
        {
            var options = new FlowOptions { Store = new FolderStore(folder), Target = "{task_name}.json" };
            var flow = Doubling(new[] { 1, 2 }, options: options);
            var run = flow.RunInSteps(maxTasks: 1)[^1];
            Assert.Equal(["double[0].json", "double[1].json"], run.Of("double").Children.Select(c => c.ResultLocation));
            Assert.Equal([2, 4], (object?[])run.Of("double").Result!);
            Assert.Equal(6, run.Of("sum").Result);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Children_survive_a_round_trip_through_Prefects_format()
    {
        var flow = Doubling(new[] { 1, 2, 3 });
        var run = FlowStateReader.Read(flow.Flow, PrefectWriter.Write(flow.Step(flow.New(), maxTasks: 2, reset: true))).Run;
        Assert.Equal([StateType.Success, StateType.Pending, StateType.Pending], run.Of("double").Children.Select(c => c.StateType));
        Assert.Equal(12, flow.Step(run).Of("sum").Result);
        Assert.Equal(5, flow.Ran.Count);
    }

    [Fact]
    public void A_map_whose_children_are_not_in_the_document_is_mapped_again()
    {
        var flow = Doubling(new[] { 1, 2, 3 });
        var run = FlowStateReader.Read(flow.Flow, """
            [{"slug":"list","type":"Pending"},{"task":{"slug":"double"},"state":{"type":"Mapped","n_map_states":3}}]
            """u8).Run;
        Assert.Equal(12, flow.Step(run).Of("sum").Result);
    }

    [Fact]
    public void A_child_found_Running_runs_again_as_the_next_attempt()
    {
        var flow = Doubling(new[] { 1, 2 });
        var half = flow.Step(flow.New(), maxTasks: 2, reset: true);
        var crashed = half.Change((task, state) => task.Name == "double" && state.Type == StateType.Pending ? new State(StateType.Running) : state);
        var run = flow.Step(flow.Travel(crashed));
        Assert.Equal([1, 2], run.Of("double").Children.Select(c => c.RunCount));
        Assert.Equal(6, run.Of("sum").Result);
    }

    private static TestFlow Doubling(object? list, RecordingHandler? handler = null, FlowOptions? options = null) =>
        new TestFlow(options: options ?? new() { StateHandlers = handler is null ? [] : [handler] }).Task("list", _ => list)
            .Add(new("double", TestFlow.Body(arguments => (int)arguments[0].Value! * 2)) { Map = [new("x", "list")] })
            .Add(new("sum", TestFlow.Body(arguments => ((object?[])arguments[0].Value!).Sum(x => (int)x!))) { InputFrom = [new("all", "double")] });
}
