using PrefectPS.Diagrams;
using PrefectPS.Diagrams.Trees;
using PrefectPS.Flows;

namespace PrefectPS.Benchmarks;

/// <summary>Diagrams of large flows: laid out, drawn, shown in the console.</summary>
internal static class DiagramBenchmarks
{
    private const int Count = 1_000;

    private static readonly (string Name, Func<int, Flow> Make)[] Graphs = [.. Shapes.All, ("layers of 10", Shapes.Layered)];

    public static IEnumerable<Measurement> Run()
    {
        var once = Measurement.TimeOnce(() => SvgWriter.Write(DiagramBuilder.Of(Shapes.Layered(Count))));
        yield return new($"diagram of {Count:N0} tasks, layers of 10, first in process", once.TotalMilliseconds, "ms", Target: "< 2000");
        foreach (var (name, make) in Graphs)
        {
            var flow = make(Count);
            var diagram = DiagramBuilder.Of(flow);
            var placed = DiagramLayout.Arrange(diagram, isHorizontal: false);
            var layout = Measurement.Time(() => DiagramLayout.Arrange(diagram, isHorizontal: false));
            yield return new($"layout of {Count:N0} tasks, {name}", layout.TotalMilliseconds, "ms", Target: "< 2000");
            yield return new($"SVG of {Count:N0} tasks, {name}", SvgWriter.Write(placed).Length / 1024.0, "KiB");
            yield return new($"tree of {Count:N0} tasks, {name}", Measurement.Time(() => FlowTree.Write(flow, null, new())).TotalMilliseconds, "ms");
        }
    }
}
