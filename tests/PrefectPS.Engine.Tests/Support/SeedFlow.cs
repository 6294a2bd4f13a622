using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>The flow of <c>seed-run.json</c>, with eight tasks.</summary>
internal static class SeedFlow
{
    private static readonly (string Task, string[] After)[] Graph =
    [
        ("task1", []),
        ("task2", []),
        ("task3", ["task1", "task2"]),
        ("task4", ["task3"]),
        ("task5", ["task4"]),
        ("task6", ["task4"]),
        ("task7", ["task2", "task6"]),
        ("task8", ["task2", "task3"]),
    ];

    public static TestFlow Make(FlowOptions? options = null)
    {
        var flow = new TestFlow("this is my first flow", options);
        foreach (var (task, after) in Graph)
            flow.Task(task, after);
        return flow;
    }
}
