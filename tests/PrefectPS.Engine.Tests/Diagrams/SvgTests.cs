using System.Globalization;
using System.Xml.Linq;
using PrefectPS.Diagrams;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Diagrams;

public class SvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flow_is_drawn_with_all_its_tasks_and_edges(bool isHorizontal)
    {
        var drawing = Draw(DiagramBuilder.Of(SeedFlow.Make().Flow), isHorizontal);

        Assert.Equal(["task1", "task2", "task3", "task4", "task5", "task6", "task7", "task8"], Texts(drawing, "label"));
        Assert.Equal(
            ["t1 t3", "t2 t3", "t2 t7", "t2 t8", "t3 t4", "t3 t8", "t4 t5", "t4 t6", "t6 t7"],
            Edges(drawing).Select(edge => $"{edge.Attribute("data-from")!.Value} {edge.Attribute("data-to")!.Value}").Order(StringComparer.Ordinal));
        Assert.Equal("this is my first flow", drawing.Element(Svg + "title")!.Value);
        Assert.Equal("8 tasks, 9 dependencies", drawing.Element(Svg + "desc")!.Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Edges_begin_and_end_at_their_nodes(bool isHorizontal)
    {
        var drawing = Draw(DiagramBuilder.Of(Flows.Rich().RunAll()), isHorizontal);
        var nodes = drawing.Descendants(Svg + "g").Where(g => g.Attribute("id") is not null).ToDictionary(g => g.Attribute("id")!.Value, BoxOf);

        Assert.All(Edges(drawing), edge =>
        {
            var numbers = edge.Attribute("d")!.Value.Split('M', 'L', 'C', ' ').Where(n => n.Length > 0).Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            var (from, to) = (nodes[edge.Attribute("data-from")!.Value], nodes[edge.Attribute("data-to")!.Value]);
            AssertOnSide(from, numbers[0], numbers[1], isHorizontal, isEnd: true);
            AssertOnSide(to, numbers[^2], numbers[^1], isHorizontal, isEnd: false);
        });
    }

    [Fact]
    public void A_run_is_drawn_with_the_colours_and_names_of_its_states()
    {
        var flow = SeedFlow.Make();
        var drawing = Draw(DiagramBuilder.Of(flow.Step(flow.New(), maxTasks: 3)));

        Assert.Equal(["Success · 0 s", "Success · 0 s", "Success · 0 s", "Cancelled", "Cancelled", "Cancelled", "Cancelled", "Cancelled"], Texts(drawing, "detail"));
        Assert.Contains($".Success > .shape {{ fill: {StateType.Success.Color()}", drawing.Element(Svg + "style")!.Value, StringComparison.Ordinal);
        Assert.Contains($".Cancelled > .shape {{ fill: {StateType.Cancelled.Color()}", drawing.Element(Svg + "style")!.Value, StringComparison.Ordinal);
        Assert.Equal("8 tasks, 9 dependencies: 5 Cancelled, 3 Success", drawing.Element(Svg + "desc")!.Value);
        Assert.Equal("task1\nSuccess · 0 s\nTask run succeeded.", NodeOf(drawing, "t1").Element(Svg + "title")!.Value);
    }

    [Fact]
    public void Light_and_dark_themes_are_supported()
    {
        var style = Draw(DiagramBuilder.Of(SeedFlow.Make().Flow)).Element(Svg + "style")!.Value;

        Assert.Contains("@media (prefers-color-scheme: dark)", style, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapped_task_is_a_box_for_each_child_with_dashed_edges_and_the_names_of_inputs()
    {
        var drawing = Draw(DiagramBuilder.Of(Flows.Rich().RunAll()));

        Assert.Equal(["square[0]", "square[1]", "square[2]"],
            drawing.Descendants(Svg + "title").Select(t => t.Value.Split('\n')[0]).Where(t => t.StartsWith("square[", StringComparison.Ordinal)));
        Assert.Equal(3, Edges(drawing).Count(edge => edge.Attribute("class")!.Value == "edge mapped"));
        Assert.Equal(["n", "n", "n", "squares", "squares", "squares"], Texts(drawing, "key").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_subflow_is_drawn_inside_its_task()
    {
        var drawing = Draw(DiagramBuilder.Of(Flows.Rich().RunAll()));

        var outer = drawing.Descendants(Svg + "g").Single(g => g.Attribute("class")?.Value == "node outer Failed");
        Assert.Equal(["first", "second"], outer.Descendants(Svg + "text").Where(t => t.Attribute("class")!.Value == "label").Select(t => t.Value));
        Assert.StartsWith("inner/second\nFailed", outer.Descendants(Svg + "title").Last().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_name_is_drawn_unchanged()
    {
        const string hostile = "</text><script>alert(1)</script> & \"x\" 'y' 日本 😀";
        var flow = new TestFlow(hostile).Task(hostile).Task("half of nothing: \uffff");

        var drawing = Draw(DiagramBuilder.Of(flow.Flow));

        Assert.Equal(hostile, drawing.Element(Svg + "title")!.Value);
        Assert.Equal("half of nothing: \ufffd", NodeOf(drawing, "t2").Element(Svg + "title")!.Value);
        Assert.DoesNotContain(drawing.Descendants(), e => e.Name.LocalName == "script");
    }

    [Fact]
    public void The_same_run_gives_the_same_bytes()
    {
        var run = Flows.Rich().RunAll();

        Assert.Equal(SvgWriter.Write(DiagramBuilder.Of(run)), SvgWriter.Write(DiagramBuilder.Of(run)));
    }

    [Fact]
    public void A_flow_without_tasks_is_a_title() => Assert.Empty(Texts(Draw(DiagramBuilder.Of(new TestFlow().Flow)), "label"));

    // Reading it is the check that it is XML.
    private static XElement Draw(Diagram diagram, bool isHorizontal = false) => XDocument.Parse(SvgWriter.Write(diagram, isHorizontal)).Root!;

    private static IEnumerable<XElement> Edges(XElement drawing) => drawing.Descendants(Svg + "path").Where(path => path.Attribute("data-from") is not null);

    private static XElement NodeOf(XElement drawing, string id) => drawing.Descendants(Svg + "g").Single(g => g.Attribute("id")?.Value == id);

    private static IEnumerable<string> Texts(XElement drawing, string name) =>
        drawing.Descendants(Svg + "text").Where(text => text.Attribute("class")!.Value == name).Select(text => text.Value);

    private static (double X, double Y, double Width, double Height) BoxOf(XElement node)
    {
        var place = node.Attribute("transform")!.Value["translate(".Length..^1].Split(' ');
        return (Number(place[0]), Number(place[1]), Number(node.Element(Svg + "rect")!.Attribute("width")!.Value), Number(node.Element(Svg + "rect")!.Attribute("height")!.Value));
    }

    private static void AssertOnSide((double X, double Y, double Width, double Height) node, double x, double y, bool isHorizontal, bool isEnd)
    {
        const double rounding = 0.11;
        if (isHorizontal)
        {
            Assert.Equal(node.X + (isEnd ? node.Width : 0), x, rounding);
            Assert.InRange(y, node.Y, node.Y + node.Height);
        }
        else
        {
            Assert.Equal(node.Y + (isEnd ? node.Height : 0), y, rounding);
            Assert.InRange(x, node.X, node.X + node.Width);
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
