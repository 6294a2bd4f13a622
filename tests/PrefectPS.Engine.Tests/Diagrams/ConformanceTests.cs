using System.Text.RegularExpressions;
using PrefectPS.Diagrams;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Diagrams;

/// <summary>Our DOT equals the reference engine's: <c>visualize.json</c>.</summary>
public partial class ConformanceTests
{
    public static TheoryData<string> Rows() =>
        [.. ConformanceData.Read("visualize.json").EnumerateObject().Select(row => row.Name).Where(name => name != "note")];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_flow_or_run_is_drawn_as_by_the_reference_engine(string row)
    {
        var expected = ConformanceData.Read("visualize.json").GetProperty(row).GetProperty("raw").GetString()!;
        Assert.Equal(Statements(expected), Statements(DotWriter.Write(Draw(row)).Replace("add2", "add", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_horizontal_diagram_is_drawn_as_by_the_reference_engine() =>
        Assert.StartsWith("digraph {\n\tgraph [rankdir=LR]\n", DotWriter.Write(DiagramBuilder.Of(SeedFlow.Make().Flow), isHorizontal: true), StringComparison.Ordinal);

    private static Diagram Draw(string row) => row switch
    {
        "no_state" => DiagramBuilder.Of(SeedFlow.Make().Flow),
        "all_success" => DiagramBuilder.Of(SeedFlow.Make().RunAll()),
        "task3_fails" => DiagramBuilder.Of(With(SeedFlow.Make().RunAll(), task => task switch
        {
            "task1" or "task2" => StateType.Success,
            "task3" => StateType.Failed,
            _ => StateType.TriggerFailed,
        })),
        "cancelled_and_pending" => DiagramBuilder.Of(With(SeedFlow.Make().New(), task => task switch
        {
            "task1" => StateType.Success,
            "task2" => StateType.Pending,
            _ => StateType.Cancelled,
        })),
        "data_and_mapped_with_state" => DiagramBuilder.Of(RunOfMappedTask()),
        _ => throw new NotSupportedException($"Nothing draws the row '{row}' of visualize.json."),
    };

    // There two tasks are called add, and a parameter is one.
    private static FlowState RunOfMappedTask() => new TestFlow()
        .Task("src", _ => new object[] { 1, 2 })
        .Task("p", _ => 1)
        .Add(new("add", TestFlow.Body(_ => 2)) { InputFrom = [new("x", "p")] })
        .Add(new("add2", TestFlow.Body(_ => 2)) { Map = [new("x", "src")] })
        .Add(new("red", TestFlow.Body(_ => 4)) { InputFrom = [new("xs", "add2")] })
        .RunAll();

    private static FlowState With(FlowState run, Func<string, StateType> stateOf) => run.Change((task, _) => new(stateOf(task.Name)));

    // The statements, sorted, with nodes named by what they show, and by their number among those that show the same.
    private static IEnumerable<string> Statements(string dot)
    {
        var lines = dot.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..^1].Select(Plain).ToArray();
        var names = lines.Where(line => !line.Contains(" -> ", StringComparison.Ordinal)).Select(line =>
            (Id: line.Split(' ')[0], Look: line[line.IndexOf('[', StringComparison.Ordinal)..]))
            .GroupBy(node => node.Look).SelectMany(same => same.OrderBy(n => n.Id, StringComparer.Ordinal).Select((n, i) => (n.Id, Name: $"{n.Look}{i}")))
            .ToDictionary(n => n.Id, n => n.Name);
        return lines.Select(line => Identifier().Replace(line, id => names.GetValueOrDefault(id.Value, id.Value))).Order(StringComparer.Ordinal);
    }

    // Quotes around a word are a matter of taste.
    private static string Plain(string line) => Quoted().Replace(line.Trim(), "${word}");

    [GeneratedRegex("""^\S+|(?<=-> )\S+""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Identifier();

    [GeneratedRegex("\"(?<word>[A-Za-z]\\w*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
