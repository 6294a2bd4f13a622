using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Whatever becomes of a task of a tag, its place among those of the tag is free afterwards.</summary>
public class TagPlaceTests
{
    private static readonly Dictionary<string, Func<TaskOptions, TaskOptions>> Kinds = new()
    {
        ["ends"] = task => task,
        ["fails"] = task => task with { Body = Throws(new InvalidOperationException("no")) },
        ["waits for approval"] = task => task with { Body = Throws(RecordingHandler.Signal(StateType.Paused, "wait")) },
        ["is not wanted"] = task => task with { When = new Never() },
        ["is refused"] = task => task with { Trigger = Trigger.Find("any_failed")!, After = ["before"] },
        ["is mapped"] = task => task with { Map = [new("x", "before")] },
        ["is a flow"] = task => task with { Body = null, Subflow = new TestFlow("inner").Task("t").Flow },
        ["is a flow with the tag"] = task => task with { Body = null, Subflow = new TestFlow("inner").Add(new("t", TestFlow.Body(_ => null)) { Tags = ["few"] }).Flow },
        ["is a flow that waits"] = task => task with { Body = null, Subflow = new TestFlow("inner").Add(new("t", Throws(RecordingHandler.Signal(StateType.Paused, "wait")))).Flow },
        ["is a flow that cannot begin"] = task => task with { Body = null, Subflow = new TestFlow("inner", new() { Parameters = new RequiredParameter("x") }).Task("t").Flow },
    };

    public static TheoryData<string> Names { get; } = [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Removing_and_re_adding_slots_keeps_the_limit(string kind)
    {
        using var both = new Barrier(2);
        var flow = new TestFlow().Task("before", _ => new[] { 1 });
        flow.Flow.Add(Kinds[kind](new("first", TestFlow.Body(_ => null)) { Tags = ["few"] }));
        foreach (var name in new[] { "one", "other" })
            flow.Flow.Add(new(name, TestFlow.Body(_ => both.SignalAndWait(TimeSpan.FromSeconds(20)))) { Tags = ["few"] });
        var budget = new StepBudget { Throttle = new(4, new Dictionary<string, int> { ["few"] = 2 }) };

        var run = StepRunner.Run(flow.New(), new() { Budget = budget, Pool = new ThreadPoolBodies() }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([true, true], [run.Of("one").Result, run.Of("other").Result]);
    }

    private static ITaskBody Throws(Exception e) => TestFlow.Body(_ => throw e);

    private sealed class Never : ITaskCondition
    {
        public string Source => "false";

        public bool IsMet(FlowContext context, TaskArguments arguments) => false;
    }
}
