using CsCheck;
using PrefectPS.Diagrams.Reports;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Diagrams.Reports;

public class GraphOutlineTests
{
    private static readonly Gen<int[][]> AnyGraph =
        from count in Gen.Int[0, 400]
        from upstream in Gen.Int[0, int.MaxValue].Array[0, 3].Array[count]
        select upstream.Select((picks, task) => task == 0 ? [] : picks.Select(pick => pick % task).Distinct().ToArray()).ToArray();

    [Fact]
    public void A_small_flow_has_a_node_for_each_task()
    {
        var outline = Outline(SeedFlow.Make().Flow.Plan);

        Assert.Equal(8, outline.Nodes.Count);
        Assert.Equal(9, outline.Edges.Count);
    }

    [Fact]
    public void Tasks_with_the_same_neighbours_are_one_node()
    {
        int[][] fan = [[], .. Enumerable.Repeat(new[] { 0 }, 500), [.. Enumerable.Range(1, 500)]];

        Assert.Equal([1, 500, 1], Outline(PlanOf(fan)).Nodes.Select(node => node.Count));
    }

    [Fact]
    public void A_chain_of_tasks_is_one_node()
    {
        int[][] chain = [[], .. Enumerable.Range(0, 999).Select(task => new[] { task })];

        Assert.Equal([1000], Outline(PlanOf(chain)).Nodes.Select(node => node.Count));
    }

    [Fact]
    public void Highlighted_tasks_are_never_merged_with_others()
    {
        int[][] fan = [[], .. Enumerable.Repeat(new[] { 0 }, 500)];
        var outline = Outline(PlanOf(fan), task => task is 7 or 300);

        Assert.Contains(outline.Nodes, node => node.SequenceEqual([7, 300]));
        Assert.Equal([1, 498, 2], outline.Nodes.Select(node => node.Count));
    }

    [Fact]
    public void Any_graph_is_reduced_to_few_acyclic_nodes_that_cover_every_task() => AnyGraph.Sample(
        graph =>
        {
            var outline = Outline(PlanOf(graph), task => task % 17 == 5);

            Assert.InRange(outline.Nodes.Count, 0, GraphOutline.MaxNodes);
            Assert.Equal(Enumerable.Range(0, graph.Length), outline.Nodes.SelectMany(node => node).Order());
            Assert.True(HasNoCycle(outline));
        },
        iter: Series.Cases(200, 10_000));

    private static GraphOutline Outline(FlowPlan plan, Func<int, bool>? standsOut = null) =>
        GraphOutline.Of(plan, [.. Enumerable.Range(0, plan.Tasks.Length).Select(standsOut ?? (_ => false))]);

    private static FlowPlan PlanOf(int[][] upstream)
    {
        var flow = new TestFlow();
        for (var task = 0; task < upstream.Length; task++)
            flow.Task($"t{task}", [.. upstream[task].Select(each => $"t{each}")]);
        return flow.Flow.Plan;
    }

    private static bool HasNoCycle(GraphOutline outline)
    {
        var left = outline.Edges.ToList();
        while (left.Count > 0)
        {
            var ends = left.Select(edge => edge.To).ToHashSet();
            if (left.RemoveAll(edge => !ends.Contains(edge.From)) == 0)
                return false;
        }

        return true;
    }
}
