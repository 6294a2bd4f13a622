using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

public class ConditionTests
{
    [Theory]
    [InlineData(1, StateType.Success, StateType.Skipped)]
    [InlineData(2, StateType.Skipped, StateType.Success)]
    public void One_of_two_branches_runs_and_a_merge_with_NotAllSkipped_follows(int value, StateType odd, StateType even)
    {
        var flow = new TestFlow().Task("source", _ => value);
        Branch(flow, "odd", x => x % 2 == 1);
        Branch(flow, "even", x => x % 2 == 0);
        flow.Add(new("merge", TestFlow.Body(_ => "merged"))
        {
            After = ["odd", "even"],
            Trigger = Trigger.Find("not_all_skipped")!,
            SkipOnUpstreamSkip = false,
        });
        var run = flow.RunAll();
        Assert.Equal([StateType.Success, odd, even, StateType.Success], run.Types());
        Assert.Equal("The condition of the task was not met.", run.Tasks.Single(t => t.IsSkipped).Message);
    }

    [Fact]
    public void A_condition_that_throws_fails_its_task_and_runs_nothing()
    {
        var flow = new TestFlow();
        flow.Add(new("t", TestFlow.Body(_ => null)) { When = new Condition(_ => throw new InvalidOperationException("odd")) });
        var task = flow.RunAll().Of("t");
        Assert.Equal((StateType.Failed, "Unexpected error while checking the task's condition: odd"), (task.StateType, task.Message));
        Assert.Empty(flow.Ran);
    }

    [Fact]
    public void A_condition_costs_no_budget()
    {
        var flow = new TestFlow();
        flow.Add(new("skipped", TestFlow.Body(_ => null)) { When = new Condition(_ => false) }).Task("runs");
        Assert.Equal([StateType.Skipped, StateType.Success], flow.Step(flow.New(), maxTasks: 1).Types());
    }

    private static void Branch(TestFlow flow, string name, Func<int, bool> when) => flow.Add(new(name, TestFlow.Body(_ => null))
    {
        InputFrom = [new("x", "source")],
        When = new Condition(arguments => when((int)arguments[0].Value!)),
    });

    private sealed class Condition(Func<TaskArguments, bool> isMet) : ITaskCondition
    {
        public string Source => "condition";

        public bool IsMet(FlowContext context, TaskArguments arguments) => isMet(arguments);
    }
}
