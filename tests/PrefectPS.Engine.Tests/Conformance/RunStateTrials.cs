using PrefectPS.Engine.Tests.Support;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>How the ends of its tasks determine a run: <c>a</c> and, where a row has two, <c>b</c>, of which some are reference tasks.</summary>
internal static class RunStateTrials
{
    private static readonly Func<object?> Ends = () => null;
    private static readonly Func<object?> Fails = () => throw TaskUnderTrial.Error("ValueError", "b");
    private static readonly Func<object?> Skips = () => throw TaskUnderTrial.Signal(StateType.Skipped, "s");
    private static readonly Func<object?> Pauses = () => throw TaskUnderTrial.Signal(StateType.Paused, "r");

    public static Sightings? Run(ReferenceRow row) => row.Name switch
    {
        "all_ok" => Run([], Ends, Ends),
        "one_terminal_failed" => Run([], Ends, Fails),
        "failed_but_reference_ok" => Run(["a"], Ends, Fails),
        "upstream_failed_cleanup_ok_default_reference(terminal)" => RunWithCleanUp([]),
        "same_with_reference_a" => RunWithCleanUp(["a"]),
        "terminal_skipped" => Run([], Skips),
        "terminal_paused" => Run([], Pauses),
        "failed_and_unfinished_terminal" => Run([], Fails, Pauses),
        "set_reference_tasks_empty" => Run([], Fails),
        _ => null,
    };

    private static Sightings Run(string[] reference, params Func<object?>[] bodies)
    {
        var flow = new TestFlow(options: new() { ReferenceTasks = reference });
        foreach (var (index, body) in bodies.Index())
            flow.Task(((char)('a' + index)).ToString(), _ => body());
        return Sightings.Of(flow.RunAll());
    }

    private static Sightings RunWithCleanUp(string[] reference)
    {
        var flow = new TestFlow(options: new() { ReferenceTasks = reference })
            .Task("a", _ => Fails())
            .Add(new("clean up", TestFlow.Body(_ => null)) { After = ["a"], Trigger = Trigger.Find("always_run")! });
        return Sightings.Of(flow.RunAll());
    }
}
