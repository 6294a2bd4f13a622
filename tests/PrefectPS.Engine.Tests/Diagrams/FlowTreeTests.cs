using CsCheck;
using PrefectPS.Diagrams.Trees;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Diagrams;

public class FlowTreeTests
{
    [Fact]
    public void A_flow_is_a_tree_with_lines_and_arrows() => Assert.Equal(
        [
            "this is my first flow",
            "task1",
            "↓ task3 (and after task2)",
            "├─ task8 (and after task2)",
            "↓ task4",
            "├─ task5",
            "↓ task6",
            "↓ task7 (and after task2)",
            "task2",
        ],
        Texts(SeedFlow.Make()));

    [Fact]
    public void A_run_shows_states_children_and_subflows()
    {
        var rows = FlowTree.Write(Flows.Rich().Flow, Flows.Rich().RunAll(), new());

        Assert.Equal(
            ["rich", "numbers", "↓ square <map>", "┊  square[0]", "┊  square[1]", "┊  square[2]", "↓ sum", "↓ inner", "┊  first", "┊  ↓ second", "alone"],
            rows.Select(row => row.Text));
        Assert.Equal(StateType.Failed, rows[9].StateType);
        Assert.Equal(["inner/second"], rows[9].Slugs);
    }

    [Fact]
    public void With_all_tasks_shown_each_task_of_any_flow_has_one_line() => TaskSpec.Any.Array[1, 30].Sample(specs =>
    {
        var flow = new AnyFlow(specs).Flow.Flow;

        var rows = FlowTree.Write(flow, null, new() { ShowsAll = true });

        Assert.Equal(AllSlugs(flow, string.Empty).Order(StringComparer.Ordinal), rows.SelectMany(row => row.Slugs).Order(StringComparer.Ordinal));
    });

    [Fact]
    public void A_task_is_below_its_upstream_tasks() => TaskSpec.Any.Array[1, 30].Sample(specs =>
    {
        var flow = new AnyFlow(specs).Flow.Flow;
        var roots = new TreeBuilder(filter: null).Build(flow, run: null);

        foreach (var node in roots.SelectMany(All))
            Assert.All(node.Below, below => Assert.True(below.Level > node.Level));
    });

    [Theory]
    [InlineData("chain")]
    [InlineData("fan")]
    [InlineData("hub")]
    [InlineData("by chance")]
    public void A_thousand_tasks_are_about_a_hundred_lines(string shape)
    {
        const int count = 1000;
        var random = new Random(1);
        var flow = new TestFlow();
        for (var i = 0; i < count; i++)
        {
            string[] after = i == 0 ? [] : shape switch
            {
                "chain" => [$"t{i - 1}"],
                "fan" => i == count - 1 ? [.. Enumerable.Range(1, count - 2).Select(t => $"t{t}")] : ["t0"],
                "hub" => [.. new[] { $"t{i - 1}", "t0" }.Distinct()],
                _ => [.. new[] { $"t{random.Next(i)}", $"t{random.Next(i)}" }.Distinct()],
            };
            flow.Task($"t{i}", after);
        }

        Assert.InRange(FlowTree.Write(flow.Flow, null, new()).Count, 2, 110);
    }

    [Fact]
    public void A_comb_of_ten_thousand_tasks_is_not_deep()
    {
        const int teeth = 5000;
        var flow = new TestFlow();
        for (var i = 0; i < teeth; i++)
            flow.Task($"t{i}", i == 0 ? [] : [$"t{i - 1}"]).Task($"tooth{i}", $"t{i}");

        var rows = FlowTree.Write(flow.Flow, null, new() { ShowsAll = true });

        Assert.Equal((teeth * 2) + 1, rows.Count);
        Assert.InRange(rows.Max(row => row.Text.Length), 8, 40);
    }

    private static IEnumerable<string> Texts(TestFlow flow) => FlowTree.Write(flow.Flow, null, new()).Select(row => row.Text);

    private static IEnumerable<string> AllSlugs(PrefectPS.Flows.Flow flow, string path) =>
        flow.Tasks.SelectMany(task => (task.Subflow is null ? [] : AllSlugs(task.Subflow, $"{path}{task.Slug}/")).Prepend(path + task.Slug));

    private static IEnumerable<TreeNode> All(TreeNode node) => node.Below.SelectMany(All).Prepend(node);
}
