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
    [InlineData("head.json")]
    [InlineData("journal/0000000001.json")]
    [InlineData("journal/0000000002.json")]
    [InlineData(".json.gz")]
    public void A_step_continues_after_a_lost_response_to_its_own_write(string path)
    {
        var counting = new FaultyStore(RecordedFlowExtensions.NewStore());
        Make(counting).Recorded().Step("run");
        var number = counting.Calls.TakeWhile(made => !Is(made, "write")).Count() + 1;
        Assert.InRange(number, 1, counting.Calls.Count);

        var store = new FaultyStore(RecordedFlowExtensions.NewStore()).At(number, StoreMishap.LostAnswer);
        var flow = Make(store);

        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.True(Is(store.Calls[number - 1], "write"), store.Calls[number - 1]);
        Assert.True(Is(store.Calls[number], "read"), store.Calls[number]);
        Assert.Equal(["a", "b"], flow.Ran);

        bool Is(string made, string operation) => made.StartsWith($"{operation} runs/flow/run/", StringComparison.Ordinal) && made.EndsWith(path, StringComparison.Ordinal);
    }

    private static TestFlow Make(IFlowStore store) => new TestFlow(options: new() { Store = store }).Task("a").Task("b", "a");
}
