using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A store that fails as it is asked for what a task is given: that is no fault of the task, which runs in the next step.</summary>
public class UnreadableInputTests
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    public void A_store_fault_on_an_input_ends_the_step_and_the_next_one_continues(bool hasCondition, int throttle)
    {
        var whole = AfterFirstStep();
        Make(whole, hasCondition).Recorded(throttle: throttle).Step("run");
        var call = whole.Calls.ToList().FindIndex(each => each.StartsWith("read ", StringComparison.Ordinal) && each.Contains("/results/", StringComparison.Ordinal)) + 1;
        var store = AfterFirstStep().At(call, StoreMishap.Refused);
        var flow = Make(store, hasCondition);

        Assert.Equal(FlowErrorId.StoreFailed, Assert.Throws<FlowException>(() => flow.Recorded(throttle: throttle).Step("run")).Id);
        Assert.Empty(flow.Ran);

        var task = flow.Recorded(throttle: throttle).Step("run").Of("b");
        Assert.Equal((StateType.Success, 1, 8), (task.StateType, task.RunCount, task.Result));
    }

    private static FaultyStore AfterFirstStep()
    {
        var store = RecordedFlowExtensions.NewStore();
        Make(new(store), hasCondition: false).Recorded(maxTasks: 1).Step("run");
        return new(store);
    }

    private static TestFlow Make(FaultyStore store, bool hasCondition) => new TestFlow(options: new() { Store = store })
        .Task("a", _ => 7)
        .Add(new("b", TestFlow.Body(arguments => (int)arguments[0].Value! + 1)) { InputFrom = [new("x", "a")], When = hasCondition ? new IsPositive() : null });

    private sealed class IsPositive : ITaskCondition
    {
        public string Source => "x > 0";

        public bool IsMet(FlowContext context, TaskArguments arguments) => (int)arguments[0].Value! > 0;
    }
}
