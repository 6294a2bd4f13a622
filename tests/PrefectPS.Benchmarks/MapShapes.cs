using PrefectPS.Flows;

namespace PrefectPS.Benchmarks;

/// <summary>Flows whose mapped tasks have a given number of children, each of which reads what it is given and does nothing with it.</summary>
internal static class MapShapes
{
    /// <summary>A tag that a throttle can limit.</summary>
    public const string Tag = "db";

    public static readonly (string Name, Func<int, Flow> Make)[] All =
    [
        ("map over a list", OverList),
        ("map over a map", OverMap),
        ("map over a list of lists, flattened", Flattened),
        ("map that takes all results of another", WithAllResults),
        ("map after another", AfterMap),
        ("map with a limited tag before one without", Tagged),
    ];

    private static Flow OverList(int count) => With(count, new TaskOptions("all", Reading.Instance) { InputFrom = [new("x", "mapped")] });

    private static Flow OverMap(int count) => With(count, new TaskOptions("over", Reading.Instance) { Map = [new("x", "mapped")] });

    private static Flow WithAllResults(int count) =>
        With(count, new TaskOptions("with", Reading.Instance) { Map = [new("x", "list")], InputFrom = [new("all", "mapped")] });

    private static Flow AfterMap(int count) => With(count, new TaskOptions("after", Reading.Instance) { Map = [new("x", "list")], After = ["mapped"] });

    private static Flow Flattened(int count)
    {
        const int length = 10;
        var flow = NewFlow(Enumerable.Range(0, count / length).Select(_ => new object[length]).ToArray());
        flow.Add(new("mapped", Reading.Instance) { Map = [new("x", "list")], Flatten = true });
        return flow;
    }

    private static Flow Tagged(int count)
    {
        var flow = NewFlow(new object[count / 2]);
        flow.Add(new("tagged", Reading.Instance) { Map = [new("x", "list")], Tags = [Tag] });
        flow.Add(new("untagged", Reading.Instance) { Map = [new("x", "list")] });
        return flow;
    }

    private static Flow With(int count, TaskOptions behind)
    {
        var flow = NewFlow(new object[count]);
        flow.Add(new("mapped", Reading.Instance) { Map = [new("x", "list")] });
        flow.Add(behind);
        return flow;
    }

    private static Flow NewFlow(object list)
    {
        var flow = new Flow("maps", new FlowServices(), new());
        flow.Add(new("list", new Returning(list)));
        return flow;
    }

    private sealed class Returning(object value) : ITaskBody
    {
        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments) => value;
    }

    private sealed class Reading : ITaskBody
    {
        public static readonly Reading Instance = new();

        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments)
        {
            for (var i = 0; i < arguments.Count; i++)
                _ = arguments[i];
            return null;
        }
    }
}
