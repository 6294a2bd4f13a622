using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Flows;

public class PlanTests
{
    private static readonly Gen<(int Count, (int Task, int Upstream)[] Edges, int[] Shuffle)> Graphs =
        from count in Gen.Int[1, 12]
        from edges in Gen.Select(Gen.Int[0, count - 1], Gen.Int[0, count - 1]).Array[0, 30]
        from shuffle in Gen.Shuffle(Enumerable.Range(0, count).ToArray())
        select (count, edges.Where(e => e.Item1 > e.Item2).Select(e => (e.Item1, e.Item2)).ToArray(), shuffle);

    [Fact]
    public void Tasks_defined_after_their_upstream_tasks_run_in_definition_order() =>
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], SeedFlow.Make().Flow.Plan.Order);

    [Fact]
    public void A_task_may_depend_on_one_defined_later()
    {
        var flow = new TestFlow().Task("a", "c").Task("b").Task("c").Flow;
        Assert.Equal([1, 2, 0], flow.Plan.Order);
    }

    [Fact]
    public void Any_acyclic_graph_runs_in_topological_and_then_definition_order() => Graphs.Sample(graph =>
    {
        // The shuffle gives the tasks other places in the definition, so that some wait for later ones.
        var flow = new TestFlow();
        foreach (var node in graph.Shuffle)
            flow.Task(Name(node), [.. graph.Edges.Where(e => e.Task == node).Select(e => Name(e.Upstream)).Distinct()]);

        var plan = flow.Flow.Plan;
        var done = new HashSet<int>();
        foreach (var task in plan.Order)
        {
            var ready = Enumerable.Range(0, graph.Count).Where(t => !done.Contains(t) && plan.UpstreamOf(t).ToArray().All(done.Contains));
            if (ready.First() != task)
                return false;
            done.Add(task);
        }

        return done.Count == graph.Count;
    });

    [Theory]
    [InlineData("a<b b<c c<a", "a -> c -> b -> a")]
    [InlineData("a<a", "a -> a")]
    [InlineData("x< y<x a<b b<a z<a", "a -> b -> a")]
    [InlineData("t<b a<b b<c c<a", "a -> c -> b -> a")]
    public void A_cycle_is_an_error_that_names_its_tasks_in_order(string edges, string cycle)
    {
        var flow = new TestFlow("loop");
        foreach (var edge in edges.Split(' '))
            flow.Task(edge.Split('<')[0], edge.Split('<')[1] is { Length: > 0 } upstream ? [upstream] : []);

        var error = Assert.Throws<FlowException>(() => flow.Flow.Plan);
        Assert.Equal(FlowErrorId.Cycle, error.Id);
        Assert.Contains($"'loop' has a cycle: {cycle}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_upstream_tasks_are_one_error_that_names_them_all()
    {
        var flow = new TestFlow().Task("a", "nope").Task("b", "a", "missing");
        var error = Assert.Throws<FlowException>(() => flow.Flow.Plan);
        Assert.Equal(FlowErrorId.TaskNotFound, error.Id);
        Assert.Contains("task 'a' waits for 'nope'; task 'b' waits for 'missing'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", null, "a", null)]
    [InlineData("a", null, "A", null)]
    [InlineData("a", "s", "b", "s")]
    [InlineData("a", "s", "s", null)]
    [InlineData("a", null, "b", "a")]
    public void Names_and_slugs_are_unique_regardless_of_case(string name1, string? slug1, string name2, string? slug2)
    {
        var flow = new TestFlow().Add(new(name1, TestFlow.Body(_ => null)) { Slug = slug1 });
        var error = Assert.Throws<FlowException>(() => flow.Add(new(name2, TestFlow.Body(_ => null)) { Slug = slug2 }));
        Assert.Equal(FlowErrorId.TaskExists, error.Id);
    }

    [Fact]
    public void A_flow_does_not_change_once_it_runs()
    {
        var flow = new TestFlow().Task("a");
        flow.RunAll();
        Assert.Equal(FlowErrorId.Frozen, Assert.Throws<FlowException>(() => flow.Task("b")).Id);
    }

    [Fact]
    public void A_task_referenced_by_name_and_by_slug_is_one_upstream_task()
    {
        var flow = new TestFlow().Add(new("a", TestFlow.Body(_ => null)) { Slug = "s" }).Task("b", "a", "s");
        Assert.Equal([0], flow.Flow.Plan.UpstreamOf(1).ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\nb")]
    public void An_unreadable_name_is_rejected(string name) =>
        Assert.Equal(FlowErrorId.TaskInvalid, Assert.Throws<FlowException>(() => new TestFlow().Task(name)).Id);

    [Fact]
    public void Equal_flows_have_equal_fingerprints_and_different_ones_do_not()
    {
        var fingerprint = SeedFlow.Make().Flow.Plan.Fingerprint;
        Assert.Equal(fingerprint, SeedFlow.Make().Flow.Plan.Fingerprint);
        Assert.Matches("^sha256:[0-9a-f]{64}$", fingerprint);
        Assert.NotEqual(fingerprint, SeedFlow.Make().Task("one more").Flow.Plan.Fingerprint);
    }

    private static string Name(int node) => $"n{node}";
}
