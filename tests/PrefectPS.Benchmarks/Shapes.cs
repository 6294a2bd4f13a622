using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Benchmarks;

/// <summary>Flows of a given size and shape, whose tasks do nothing.</summary>
internal static class Shapes
{
    private static readonly RetryPolicy Once = new() { MaxRetries = 1 };

    public static readonly (string Name, Func<int, Flow> Make)[] All =
    [
        ("chain", Chain),
        ("fan-out/fan-in", Fan),
        ("independent", Independent),
    ];

    public static Flow Chain(int count) => Make(count, Previous);

    /// <summary>A chain whose runs are on record in a store.</summary>
    public static Flow Stored(IFlowStore? store, int count) => Make(count, Previous, new() { Store = store });

    /// <summary>Layers of ten tasks, each of which waits for two of the layer above and now and then for one far up.</summary>
    public static Flow Layered(int count)
    {
        const int width = 10;
        var random = new Random(1); // the same graph each time
        return Make(count, i => i < width ? [] : [.. Above(i).Append(random.Next(width) == 0 ? Name(random.Next(i)) : Name(i - width)).Distinct()]);

        IEnumerable<string> Above(int i) => Enumerable.Range(0, 2).Select(_ => Name((((i / width) - 1) * width) + random.Next(width)));
    }

    /// <summary>A list, a task mapped over it, and one that takes all results.</summary>
    public static Flow Mapped(int count)
    {
        var flow = new Flow("benchmark", new FlowServices(), new FlowOptions());
        flow.Add(new("list", new Returning(new object[count])));
        flow.Add(new("mapped", NoOp.Instance) { Map = [new("x", "list")] });
        flow.Add(new("all", NoOp.Instance) { After = ["mapped"] });
        return flow;
    }

    /// <summary>A chain with a state handler that only looks.</summary>
    public static Flow Handled(int count) => Make(count, Previous, new() { StateHandlers = [new Looking()] });

    /// <summary>A chain whose results are kept, in the session, and used again.</summary>
    public static Flow Cached(int count)
    {
        var flow = new Flow("benchmark", new FlowServices(), new());
        for (var i = 0; i < count; i++)
            flow.Add(new(Name(i), NoOp.Instance) { After = Previous(i), Cache = new(TimeSpan.FromHours(1)) });
        return flow;
    }

    /// <summary>A chain whose tasks each fail once.</summary>
    public static Flow Retried(int count) => Make(count, Previous, body: FailingOnce.Instance);

    private static Flow Fan(int count) =>
        Make(count, i => i == 0 ? [] : i < count - 1 ? [Name(0)] : [.. Enumerable.Range(1, count - 2).Select(Name)]);

    private static Flow Independent(int count) => Make(count, _ => []);

    private static Flow Make(int count, Func<int, string[]> upstream, FlowOptions? options = null, ITaskBody? body = null)
    {
        var flow = new Flow("benchmark", new FlowServices(), options ?? new());
        for (var i = 0; i < count; i++)
            flow.Add(new(Name(i), body ?? NoOp.Instance) { After = upstream(i), Retry = body is null ? null : Once });
        return flow;
    }

    private static string[] Previous(int i) => i == 0 ? [] : [Name(i - 1)];

    private static string Name(int i) => $"task{i}";

    private sealed class Returning(object value) : ITaskBody
    {
        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments) => value;
    }

    private sealed class FailingOnce : ITaskBody
    {
        public static readonly FailingOnce Instance = new();
        private static readonly TaskFailedException Failure = new(new("once"));

        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments) => context.RunCount == 1 ? throw Failure : null;
    }

    private sealed class Looking : IStateHandler
    {
        public FlowTaskState? Handle(FlowTaskState old, FlowTaskState @new) => null;
    }

    private sealed class NoOp : ITaskBody
    {
        public static readonly NoOp Instance = new();

        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments) => null;
    }
}
