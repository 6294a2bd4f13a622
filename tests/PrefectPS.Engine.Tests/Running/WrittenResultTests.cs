using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>A result that the next step is to have may be as large as the limit, to the byte, whatever its characters take.</summary>
public class WrittenResultTests
{
    private const int Max = 6_000;

    // What the quotes of the text take is a part of it.
    [Theory]
    [InlineData('x', Max - 2, StateType.Success)]
    [InlineData('x', Max - 1, StateType.Failed)]
    [InlineData('\u20AC', (Max / 3) - 1, StateType.Success)]
    [InlineData('\u20AC', Max / 3, StateType.Failed)]
    [InlineData('\u0001', (Max / 6) - 1, StateType.Success)]
    [InlineData('\u0001', Max / 6, StateType.Failed)]
    public void A_result_that_is_too_large_fails_its_task(char character, int length, StateType expected)
    {
        var flow = new TestFlow(maxResultBytes: Max).Task("a", _ => new string(character, length)).Task("b", "a");

        var task = flow.Step(flow.New(), maxTasks: 1).Of("a");

        Assert.Equal(expected, task.StateType);
        Assert.Equal(expected == StateType.Failed ? FlowErrorId.ResultInvalid : null, task.Error?.Id);
    }
}
