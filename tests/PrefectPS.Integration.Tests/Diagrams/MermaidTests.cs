using System.Text.Json;
using CsCheck;
using PrefectPS.Diagrams;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Integration.Tests.Support;
using PrefectPS.States;

namespace PrefectPS.Integration.Tests.Diagrams;

/// <summary>Mermaid's own parser reads our output as intended.</summary>
[Trait("Load", "heavy")]
public sealed class MermaidTests
{
    private const int Samples = 200;
    private const string Group = "Flow";

    private static readonly NodePackages Packages = new("tests/parsers");

    [Fact]
    public async Task Any_diagram_is_read_with_its_names_shapes_edges_groups_and_colours()
    {
        var diagrams = AnyDiagram.Any.Array[Samples].Single();

        var read = await ReadAsync([.. diagrams.Select((diagram, i) => MermaidWriter.Write(diagram, isHorizontal: i % 2 == 1))]);

        for (var i = 0; i < diagrams.Length; i++)
        {
            Assert.True(read[i].Error is null, $"{read[i].Error}\n{MermaidWriter.Write(diagrams[i])}");
            Assert.Equal(i % 2 == 1 ? "LR" : "TB", read[i].Direction);
            AssertSame(AllNodes(diagrams[i]).Where(n => n.Inner is null).Select(n => $"{n.Id} {Shown(n.Label)} {(n.IsMapped ? "square" : "stadium")} {n.State}"),
                read[i].Nodes!.Select(n => $"{n.Id} {n.Label} {n.Shape} {string.Join(' ', n.Classes)}"));
            AssertSame(AllNodes(diagrams[i]).Where(n => n.Inner is not null).Select(n => $"{n.Id} {Shown(n.Label)}"), read[i].Groups!.Select(g => $"{g.Id} {g.Label}"));
            AssertSame(AllEdges(diagrams[i]), read[i].Edges!.Select(e => $"{e.From} {e.To} {e.Label} {e.Stroke}"));
            Assert.All(read[i].Colors!, c => Assert.Equal([$"fill:{Color(c.Name)}{(c.Name.EndsWith(Group, StringComparison.Ordinal) ? "1a" : "80")}", $"stroke:{Color(c.Name)}"],
                c.Styles));
        }
    }

    [Fact]
    public async Task Invalid_Mermaid_is_rejected() => Assert.NotNull((await ReadAsync(["graph TD\n    a -->"])).Single().Error);

    private static async Task<ReadDiagram[]> ReadAsync(string[] texts)
    {
        var folder = await Requirement.OrSkipAsync(Packages.InstallAsync);
        var answer = await Tool.RunAsync("node", ["mermaid.mjs"], JsonSerializer.Serialize(texts), folder, "install Node.js");
        return JsonSerializer.Deserialize<ReadDiagram[]>(answer, JsonSerializerOptions.Web)!;
    }

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Select(e => e.TrimEnd()).Order(StringComparer.Ordinal), actual.Select(a => a.TrimEnd()).Order(StringComparer.Ordinal));

    private static IEnumerable<DiagramNode> AllNodes(Diagram diagram) =>
        diagram.Nodes.SelectMany(node => node.Inner is null ? [node] : AllNodes(node.Inner).Prepend(node));

    // An edge to a subflow's node becomes one to each of its roots.
    private static IEnumerable<string> AllEdges(Diagram diagram) =>
        diagram.Nodes.Where(node => node.Inner is not null).SelectMany(node => AllEdges(node.Inner!)).Concat(
            from edge in diagram.Edges
            from last in DiagramEnds.Lasts(diagram.Nodes[edge.From])
            from first in DiagramEnds.Firsts(diagram.Nodes[edge.To])
            select $"{last.Id} {first.Id} {Shown(edge.Key ?? string.Empty)} {(edge.IsMapped ? "dotted" : "normal")}");

    private static string Shown(string text) => PrefectPS.Results.Unicode.ReplaceLoneSurrogates(text);

    private static string Color(string name) => Enum.Parse<StateType>(name.Replace(Group, string.Empty, StringComparison.Ordinal)).Color();

    private sealed record ReadDiagram(string? Error, string? Direction, ReadNode[]? Nodes, ReadEdge[]? Edges, ReadGroup[]? Groups, ReadColor[]? Colors);

    private sealed record ReadNode(string Id, string Label, string Shape, string[] Classes);

    private sealed record ReadEdge(string From, string To, string Label, string Stroke);

    private sealed record ReadGroup(string Id, string Label, string[] Nodes);

    private sealed record ReadColor(string Name, string[] Styles);
}
