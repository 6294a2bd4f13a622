using CsCheck;
using PrefectPS.Diagrams.Layout;

namespace PrefectPS.Engine.Tests.Diagrams;

public class LayeredLayoutTests
{
    private const double Tolerance = 0.001;

    [Fact]
    public void Nodes_do_not_overlap_and_lie_within_the_drawing() => AnyGraph.Any.Sample(graph =>
    {
        var layout = Arrange(graph);
        for (var i = 0; i < graph.Nodes.Length; i++)
        {
            var (one, at) = (graph.Nodes[i], layout.Nodes[i]);
            Assert.InRange(at.X, (one.Width / 2) - Tolerance, layout.Width - (one.Width / 2) + Tolerance);
            Assert.InRange(at.Y, (one.Height / 2) - Tolerance, layout.Height - (one.Height / 2) + Tolerance);
            for (var j = 0; j < i; j++)
            {
                var (other, there) = (graph.Nodes[j], layout.Nodes[j]);
                Assert.True(
                    Math.Abs(at.X - there.X) >= ((one.Width + other.Width) / 2) - Tolerance || Math.Abs(at.Y - there.Y) >= ((one.Height + other.Height) / 2) - Tolerance,
                    $"{i} and {j} overlap");
            }
        }
    });

    [Fact]
    public void An_edge_goes_down_from_the_lower_side_of_one_node_to_the_upper_side_of_the_other() => AnyGraph.Any.Sample(graph =>
    {
        var layout = Arrange(graph);
        for (var i = 0; i < graph.Edges.Length; i++)
        {
            var (from, to, points) = (graph.Edges[i].From, graph.Edges[i].To, layout.Routes[i].Points);
            AssertAttached(points[0], graph.Nodes[from], layout.Nodes[from], side: 1);
            AssertAttached(points[^1], graph.Nodes[to], layout.Nodes[to], side: -1);
            Assert.All(points.Zip(points.Skip(1)), p => Assert.True(p.First.Y <= p.Second.Y + Tolerance, "it goes up"));
        }
    });

    [Fact]
    public void No_edge_goes_through_a_node() => AnyGraph.Any.Sample(graph =>
    {
        var layout = Arrange(graph);
        foreach (var points in layout.Routes.Select(route => route.Points))
        {
            foreach (var (first, second) in points.Zip(points.Skip(1)))
            {
                for (var node = 0; node < graph.Nodes.Length; node++)
                    Assert.False(GoesThrough(first, second, graph.Nodes[node], layout.Nodes[node]), $"{first} -> {second} goes through {node}");
            }
        }
    });

    [Fact]
    public void Labels_of_edges_do_not_overlap_nodes() => AnyGraph.Any.Sample(graph =>
    {
        var layout = Arrange(graph);
        for (var i = 0; i < graph.Edges.Length; i++)
        {
            Assert.Equal(graph.Edges[i].LabelWidth > 0, layout.Routes[i].Label is not null);
            if (layout.Routes[i].Label is not { } label)
                continue;
            for (var node = 0; node < graph.Nodes.Length; node++)
            {
                var apart = Math.Abs(label.X - layout.Nodes[node].X) - ((graph.Edges[i].LabelWidth + graph.Nodes[node].Width) / 2);
                var above = Math.Abs(label.Y - layout.Nodes[node].Y) - ((graph.Edges[i].LabelHeight + graph.Nodes[node].Height) / 2);
                Assert.True(apart >= -Tolerance || above >= -Tolerance, $"the label of {i} lies on {node}");
            }
        }
    });

    [Fact]
    public void The_same_graph_gets_the_same_layout() => AnyGraph.Any.Sample(graph =>
    {
        var (one, other) = (Arrange(graph), Arrange(graph));
        Assert.Equal(one.Nodes, other.Nodes);
        Assert.Equal(one.Routes.SelectMany(route => route.Points), other.Routes.SelectMany(route => route.Points));
    });

    [Fact]
    public void A_chain_is_one_straight_line()
    {
        var layout = LayeredLayout.Arrange(Same(5), [Edge(0, 1), Edge(1, 2), Edge(2, 3), Edge(3, 4)]);

        Assert.Single(layout.Nodes.Select(node => node.X).Distinct());
        Assert.All(layout.Routes, route => Assert.Equal(2, route.Points.Count));
    }

    [Fact]
    public void A_node_is_centred_above_its_only_downstream_nodes()
    {
        var layout = LayeredLayout.Arrange(Same(4), [Edge(0, 1), Edge(0, 2), Edge(0, 3)]);

        Assert.Equal(layout.Nodes[2].X, layout.Nodes[0].X, Tolerance);
        Assert.Equal(layout.Nodes[1].Y, layout.Nodes[3].Y);
    }

    [Fact]
    public void Edges_that_need_not_cross_do_not()
    {
        // 0 and 1 above, their own two below each, defined crosswise.
        var layout = LayeredLayout.Arrange(Same(7), [Edge(0, 2), Edge(1, 3), Edge(0, 4), Edge(1, 5), Edge(4, 6), Edge(5, 6)]);

        Assert.True(layout.Nodes[0].X < layout.Nodes[1].X == Math.Max(layout.Nodes[2].X, layout.Nodes[4].X) < Math.Min(layout.Nodes[3].X, layout.Nodes[5].X));
    }

    [Fact]
    public void A_task_with_many_downstream_tasks_has_one_trunk()
    {
        const int count = 1000;
        LayoutEdge[] edges = [.. Enumerable.Range(1, count - 1).SelectMany(i => i == 1 ? [Edge(0, 1)] : new[] { Edge(i - 1, i), Edge(0, i) })];

        var layout = LayeredLayout.Arrange(Same(count), edges);

        Assert.InRange(layout.Width, 60, 400);
        Assert.InRange(layout.Routes.Sum(route => route.Points.Count), count, count * 12);
    }

    [Fact]
    public void Nodes_without_edges_stand_in_rows()
    {
        var layout = LayeredLayout.Arrange(Same(100), []);

        Assert.InRange(layout.Width / layout.Height, 0.8, 3);
    }

    private static LayoutResult Arrange(AnyGraph graph) => LayeredLayout.Arrange(graph.Nodes, graph.Edges);

    private static LayoutNode[] Same(int count) => [.. Enumerable.Repeat(new LayoutNode(80, 34, 40), count)];

    private static LayoutEdge Edge(int from, int to) => new(from, to, 0, 0);

    private static void AssertAttached(LayoutPoint point, LayoutNode node, LayoutPoint middle, int side)
    {
        Assert.Equal(middle.Y + (node.Height / 2 * side), point.Y, Tolerance);
        Assert.InRange(point.X, middle.X - (node.PortWidth / 2) - Tolerance, middle.X + (node.PortWidth / 2) + Tolerance);
    }

    // Curves stay in the gaps between layers; only straight lines pass beside nodes.
    private static bool GoesThrough(LayoutPoint first, LayoutPoint second, LayoutNode node, LayoutPoint middle)
    {
        var isBeside = Math.Min(second.Y, middle.Y + (node.Height / 2)) - Math.Max(first.Y, middle.Y - (node.Height / 2)) > Tolerance;
        var isWithin = Math.Min(Math.Max(first.X, second.X), middle.X + (node.Width / 2)) - Math.Max(Math.Min(first.X, second.X), middle.X - (node.Width / 2)) > -Tolerance;
        return isBeside && isWithin;
    }
}
