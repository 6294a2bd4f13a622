using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsCheck;
using PrefectPS.Diagrams;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Integration.Tests.Diagrams;

/// <summary>Graphviz renders our DOT as intended.</summary>
public sealed partial class DotTests
{
    private const int Samples = 100;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public async Task Any_diagram_is_drawn_with_its_names_edges_and_colours()
    {
        var diagrams = AnyDiagram.Any.Array[Samples].Single();

        var drawings = await DrawAsync(diagrams);

        Assert.Equal(diagrams.Length, drawings.Length);
        foreach (var (diagram, drawing) in diagrams.Zip(drawings))
        {
            AssertSame(
                AllNodes(diagram).Where(n => n.Inner is null).Select(n =>
                    $"{n.Id} {Shown(n.Label)} {(n.IsMapped ? "polygon" : "ellipse")} {n.State?.Color().ToLowerInvariant() ?? "none"}"),
                Groups(drawing, "node").Select(g => $"{Title(g)} {Text(g)} {Shape(g).Name.LocalName} {Shape(g).Attribute("fill")!.Value}"));
            AssertSame(
                AllEdges(diagram),
                Groups(drawing, "edge").Select(g => $"{Title(g)} {Text(g)} {(g.Descendants(Svg + "path").Single().Attribute("stroke-dasharray") is null ? "solid" : "dashed")}"));
            AssertSame(
                AllNodes(diagram).Where(n => n.Inner is not null).Select(n => $"cluster_{n.Id} {Shown(n.Label)}"),
                Groups(drawing, "cluster").Select(g => $"{Title(g)} {Text(g)}"));
        }
    }

    [Fact]
    public async Task From_left_to_right_is_wider_than_from_top_to_bottom()
    {
        DiagramNode[] nodes = [.. Enumerable.Range(0, 6).Select(i => new DiagramNode($"t{i}", $"t{i}", $"t{i}", IsMapped: false))];
        var chain = new Diagram("chain", nodes, [.. Enumerable.Range(0, 5).Select(i => new DiagramEdge(i, i + 1, null, IsMapped: false))]);

        var down = (await DrawAsync(DotWriter.Write(chain))).Single();
        var across = (await DrawAsync(DotWriter.Write(chain, isHorizontal: true))).Single();

        Assert.True(Width(down) < Width(across));
    }

    private static Task<XElement[]> DrawAsync(Diagram[] diagrams) => DrawAsync(string.Concat(diagrams.Select(d => DotWriter.Write(d))));

    // One document a graph, one after the other.
    private static async Task<XElement[]> DrawAsync(string graphs)
    {
        var text = await Requirement.OrSkipAsync(() => Tool.RunAsync("dot", ["-Tsvg"], graphs, Path.GetTempPath(), "install Graphviz"));
        return [.. DocumentEnd().Split(text).Where(d => !string.IsNullOrWhiteSpace(d)).Select(d => XDocument.Parse(d.Trim() + "</svg>").Root!)];
    }

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));

    private static IEnumerable<DiagramNode> AllNodes(Diagram diagram) =>
        diagram.Nodes.SelectMany(node => node.Inner is null ? [node] : AllNodes(node.Inner).Prepend(node));

    private static IEnumerable<string> AllEdges(Diagram diagram) =>
        diagram.Nodes.Where(node => node.Inner is not null).SelectMany(node => AllEdges(node.Inner!)).Concat(diagram.Edges.Select(edge =>
            $"{DiagramEnds.Last(diagram.Nodes[edge.From]).Id}->{DiagramEnds.First(diagram.Nodes[edge.To]).Id} {Shown(edge.Key ?? string.Empty)} {(edge.IsMapped ? "dashed" : "solid")}"));

    private static IEnumerable<XElement> Groups(XElement drawing, string name) => drawing.Descendants(Svg + "g").Where(g => g.Attribute("class")!.Value == name);

    private static string Title(XElement group) => group.Element(Svg + "title")!.Value;

    private static string Text(XElement group) => Spaces(string.Join('\n', group.Descendants(Svg + "text").Select(t => t.Value)));

    private static XElement Shape(XElement node) => node.Elements().First(e => e.Name.LocalName is "ellipse" or "polygon");

    private static double Width(XElement drawing) => double.Parse(drawing.Attribute("width")!.Value[..^2], System.Globalization.CultureInfo.InvariantCulture);

    private static string Shown(string text) => Spaces(Unicode.ReplaceLoneSurrogates(text));

    // Graphviz turns repeated spaces into non-breaking ones.
    private static string Spaces(string text) => text.Replace('\u00a0', ' ');

    [GeneratedRegex("</svg>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DocumentEnd();
}
