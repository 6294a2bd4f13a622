using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Storage;

namespace PrefectPS.StepProcess;

/// <summary>A flow of 200 bodies, including mapped children and a subflow, each of which reports its start.</summary>
internal static class KillableFlow
{
    public const int BodyCount = 200;

    private const int MaxKills = 100; // of one body: what these tests kill is not to be Failed for that
    private const int ChainLength = 150;
    private const int ChildCount = 30;
    private const int InnerLength = BodyCount - ChainLength - ChildCount - 2;

    /// <summary>The flow.</summary>
    /// <param name="store">Where its runs and results are; null for nowhere.</param>
    /// <param name="begins">Called by each body as it begins, with the slug of its task.</param>
    public static Flow Make(IFlowStore? store, Action<string> begins)
    {
        var inner = new Flow("inner", new FlowServices(), new() { MaxCrashes = MaxKills });
        AddChain(inner, InnerLength, "i", slug => begins($"outer/{slug}"));
        var flow = new Flow("killable", new FlowServices(), new() { Store = store, MaxCrashes = MaxKills });
        flow.Add(new("list", new Body("list", begins, _ => Enumerable.Range(0, ChildCount).Select(n => (object)(long)n).ToArray())));
        AddChain(flow, ChainLength, "t", begins);
        flow.Add(new("each", new Body("each", begins, Next)) { Map = [new("x", "list")], After = ["t70"] });
        flow.Add(new("outer", null) { Subflow = inner, After = ["t100"] });
        flow.Add(new("end", new Body("end", begins, arguments => $"{arguments[0].Value}")) { InputFrom = [new("x", $"t{ChainLength - 1}")], After = ["each", "outer"] });
        return flow;
    }

    /// <summary>The slugs of all that has ended in a run.</summary>
    public static IEnumerable<string> Finished(FlowState run, string path = "") => run.Tasks.SelectMany(task => task.Children.Prepend(task)).SelectMany(task =>
        (task.IsFinished ? [path + task.Slug] : Enumerable.Empty<string>())
        .Concat(task.Subflow is { } inner ? Finished(inner, $"{path}{task.Slug}/") : []));

    private static void AddChain(Flow flow, int length, string prefix, Action<string> begins)
    {
        for (var i = 0; i < length; i++)
        {
            var slug = $"{prefix}{i}";
            flow.Add(new(slug, new Body(slug, begins, Next)) { InputFrom = i == 0 ? [] : [new("x", $"{prefix}{i - 1}")] });
        }
    }

    private static object? Next(TaskArguments arguments) =>
        ((arguments.Count == 0 ? 1 : Convert.ToInt64(arguments[0].Value, CultureInfo.InvariantCulture)) * 31 + 7) % 1_000_003;

    private sealed class Body(string slug, Action<string> begins, Func<TaskArguments, object?> run) : ITaskBody
    {
        public string Source => slug;

        public object? Run(FlowContext context, TaskArguments arguments)
        {
            begins(context.MapIndex is { } index ? $"{slug}[{index}]" : slug);
            return run(arguments);
        }
    }
}
