using PrefectPS.Engine.Tests.Support;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A write of a step's own whose answer is lost has been made: the object is read, and the step goes on.</summary>
public class LostAnswerTests
{
    [Theory]
    [InlineData("lease.json")]
    [InlineData("journal/0000000001.json")]
    [InlineData("journal/0000000002.json")]
    [InlineData("state.json")]
    public void The_step_goes_on_where_the_answer_to_a_write_of_its_own_is_lost(string path)
    {
        var call = $"write runs/flow/run/{path}";
        var counting = new FaultyStore(RecordedFlowExtensions.NewStore());
        Make(counting).Recorded().Step("run");
        var number = counting.Calls.TakeWhile(made => made != call).Count() + 1;
        Assert.InRange(number, 1, counting.Calls.Count);

        var store = new FaultyStore(RecordedFlowExtensions.NewStore()).At(number, StoreMishap.LostAnswer);
        var flow = Make(store);

        Assert.Equal(StateType.Success, flow.Recorded().Step("run").State);
        Assert.Equal(call, store.Calls[number - 1]);
        Assert.Equal($"read runs/flow/run/{path}", store.Calls[number]);
        Assert.Equal(["a", "b"], flow.Ran);
    }

    private static TestFlow Make(IFlowStore store) => new TestFlow(options: new() { Store = store }).Task("a").Task("b", "a");
}
