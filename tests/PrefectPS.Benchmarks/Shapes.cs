using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Benchmarks;

/// <summary>Flows of a given size and shape, whose tasks do nothing.</summary>
internal static class Shapes
{
    public static readonly (string Name, Func<int, Flow> Make)[] All =
    [
        ("chain", Chain),
        ("fan-out/fan-in", Fan),
        ("independent", Independent),
    ];

    public static Flow Chain(int count) => Make(count, i => i == 0 ? [] : [Name(i - 1)]);

    private static Flow Fan(int count) =>
        Make(count, i => i == 0 ? [] : i < count - 1 ? [Name(0)] : [.. Enumerable.Range(1, count - 2).Select(Name)]);

    private static Flow Independent(int count) => Make(count, _ => []);

    private static Flow Make(int count, Func<int, string[]> upstream)
    {
        var flow = new Flow("benchmark", new FlowServices(), new FlowOptions());
        for (var i = 0; i < count; i++)
            flow.Add(new(Name(i), NoOp.Instance) { After = upstream(i) });
        return flow;
    }

    private static string Name(int i) => $"task{i}";

    private sealed class NoOp : ITaskBody
    {
        public static readonly NoOp Instance = new();

        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments) => null;
    }
}
