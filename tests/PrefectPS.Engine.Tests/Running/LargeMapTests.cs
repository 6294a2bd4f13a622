using System.Collections;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

public class LargeMapTests
{
    private static readonly State Success = new(StateType.Success);
    private static readonly State Lost = Success with { Result = TaskResult.Lost };

    [Fact]
    public void Child_counts_are_computed_once_until_a_child_changes()
    {
        var (plan, states) = MapBehindMap(new("behind", TestFlow.Body(_ => null)) { Map = [new("x", "list")], After = ["map"] });
        var upstream = new RunStateView(plan, states);
        var children = states[1].Children!;
        Assert.Equal(5, CountUpstream(upstream, child: 0).Finished);
        children[3] = State.NotRun; // were they gone through again, it would be seen
        Assert.Equal(5, CountUpstream(upstream, child: 1).Finished);
        upstream.Changed(1);
        Assert.Equal(4, CountUpstream(upstream, child: 2).Finished);
    }

    [Fact]
    public void A_lost_shared_input_is_detected_once_until_a_child_changes()
    {
        var (plan, states) = MapBehindMap(new("behind", TestFlow.Body(_ => null)) { Map = [new("x", "list")], InputFrom = [new("all", "map")] });
        var upstream = new RunStateView(plan, states);
        Assert.False(upstream.IsLost(task: 2, mapIndex: 0, upstream: 1));
        states[1].Children![3] = Lost;
        Assert.False(upstream.IsLost(task: 2, mapIndex: 0, upstream: 1));
        upstream.Changed(1);
        Assert.True(upstream.IsLost(task: 2, mapIndex: 0, upstream: 1));
    }

    [Fact]
    public void A_child_of_a_map_over_a_map_checks_only_its_counterpart()
    {
        var (plan, states) = MapBehindMap(new("behind", TestFlow.Body(_ => null)) { Map = [new("x", "map")] });
        var upstream = new RunStateView(plan, states);
        states[1].Children![3] = Lost;
        Assert.Equal([false, false, false, true], Enumerable.Range(0, 4).Select(i => upstream.IsLost(task: 2, mapIndex: i, upstream: 1)));
        Assert.Equal(1, CountUpstream(upstream, child: 0).Total);
    }

    [Fact]
    public void Only_one_of_many_tasks_with_the_same_admission_key_is_offered()
    {
        var flow = new TestFlow();
        for (var i = 0; i < 100; i++)
            flow.Add(new($"task{i}", TestFlow.Body(_ => null)) { Tags = ["db"] });
        var throttle = new Throttle(4, new Dictionary<string, int> { ["db"] = 0 });
        var ready = new ReadyTasks(flow.Flow.Freeze(), flow.New().States, flow.Flow.Plan.Order, _ => true, _ => { }, throttle.LimitsOf);
        var asked = 0;
        Assert.False(ready.TryTake(_ => ++asked == 0, out var _, out _));
        Assert.Equal(1, asked);
    }

    [Fact]
    public void A_list_of_lists_is_enumerated_twice_regardless_of_its_size()
    {
        var inner = new CountedList(20);
        var flow = new TestFlow().Task("list", _ => new object[] { inner })
            .Add(new("map", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("x", "list")], Flatten = true });
        Assert.Equal(20, flow.RunAll().Of("map").Children.Count);
        Assert.InRange(inner.Enumerations, 1, 2);
    }

    [Fact]
    public void The_results_of_a_map_are_gathered_once_for_all_children()
    {
        var taken = new List<object?>();
        var flow = new TestFlow().Task("list", _ => new object[] { 1, 2, 3 })
            .Add(new("first", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("x", "list")] })
            .Add(new("second", TestFlow.Body(arguments =>
            {
                taken.Add(arguments[1].Value);
                return arguments[0].Value;
            }))
            { Map = [new("x", "list")], InputFrom = [new("all", "first")] });
        Assert.Equal(StateType.Success, flow.RunAll().StateType);
        Assert.Equal([1, 2, 3], (object?[])taken[0]!);
        Assert.All(taken, all => Assert.Same(taken[0], all));
    }

    [Fact]
    public void The_first_admitted_task_in_plan_order_is_taken()
    {
        var flow = new TestFlow();
        foreach (var (name, tag) in new[] { ("a", "one"), ("b", "two"), ("c", "ONE"), ("d", "none"), ("e", "two") })
            flow.Add(new(name, TestFlow.Body(_ => null)) { Tags = [tag] });
        var throttle = new Throttle(4, new Dictionary<string, int> { ["One"] = 1, ["two"] = 1 });
        var ready = new ReadyTasks(flow.Flow.Freeze(), flow.New().States, flow.Flow.Plan.Order, _ => true, _ => { }, throttle.LimitsOf);
        var taken = new List<string>();
        while (ready.TryTake(throttle.TryEnter, out var task, out _))
            taken.Add(flow.Flow.Tasks[task].Name);

        Assert.Equal(["a", "b", "d"], taken);
        Assert.False(ready.IsEmpty);
        throttle.Leave(flow.Flow.Tasks[0]);
        Assert.True(ready.TryTake(throttle.TryEnter, out var next, out _));
        Assert.Equal("c", flow.Flow.Tasks[next].Name);
    }

    // How what the task behind waits for stands, as a child of it sees it.
    private static UpstreamSummary CountUpstream(RunStateView states, int child)
    {
        UpstreamSummary.Count(states, task: 2, child, out var summary);
        return summary;
    }

    // A list, a task mapped over it whose four children have ended well, and one behind.
    private static (FlowPlan Plan, State[] States) MapBehindMap(TaskOptions behind)
    {
        var flow = new TestFlow().Task("list").Add(new("map", TestFlow.Body(_ => null)) { Map = [new("x", "list")] }).Add(behind);
        State[] states = [Success, new(StateType.Mapped) { Children = [Success, Success, Success, Success] }, State.NotRun];
        return (flow.Flow.Freeze(), states);
    }

    private sealed class CountedList(int count) : ArrayList(new object?[count])
    {
        public int Enumerations { get; private set; }

        public override IEnumerator GetEnumerator()
        {
            Enumerations++;
            return base.GetEnumerator();
        }
    }
}
