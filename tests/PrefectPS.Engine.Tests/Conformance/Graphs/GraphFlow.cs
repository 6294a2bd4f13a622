using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Conformance.Graphs;

/// <summary>Makes a row's flow of our own tasks.</summary>
internal static class GraphFlow
{
    // After every time in the recorded documents that a retry is due at, and before those at which a paused task would go on by itself.
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    public static TestFlow Make(GraphRow row)
    {
        var flow = new TestFlow("graph", new() { ReferenceTasks = row.ReferenceTasks });
        flow.Clock.AdjustTime(Now);
        foreach (var task in row.Tasks)
            flow.Add(ToOptions(task));
        return flow;
    }

    private static TaskOptions ToOptions(GraphTask task) => new(task.Name, TestFlow.Body(new GraphBody(task).Run))
    {
        After = task.After,
        InputFrom = [.. task.Inputs.Select((upstream, i) => new KeyValuePair<string, string>($"i{i}", upstream))],
        Map = [.. task.Map.Select((upstream, i) => new KeyValuePair<string, string>($"{GraphBody.Mapped}{i}", upstream))],
        Trigger = TriggerOf(task),
        SkipOnUpstreamSkip = task.SkipOnUpstreamSkip,
        Retry = task.MaxRetries == 0 ? null : new() { MaxRetries = task.MaxRetries },
    };

    private static ITrigger TriggerOf(GraphTask task) => task.Trigger switch
    {
        "some_successful" => Trigger.SomeSuccessful(new(task.AtLeast, task.AtMost)),
        "some_failed" => Trigger.SomeFailed(new(task.AtLeast, task.AtMost)),
        var name => Trigger.Find(name) ?? throw new NotSupportedException($"Nothing knows the trigger '{name}'."),
    };
}
