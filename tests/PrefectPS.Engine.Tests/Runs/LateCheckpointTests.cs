using PrefectPS.Engine.Tests.Support;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A step that was taken over between its last record and its state document.</summary>
public class LateCheckpointTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_state_document_of_a_later_step_is_not_overwritten(int stepsBefore)
    {
        var inner = RecordedFlowExtensions.NewStore();
        for (var step = 0; step < stepsBefore; step++)
            Make(inner).Recorded(maxTasks: 1).Step("run");
        byte[]? later = null;
        var store = new InterruptedStore(inner, "/state.json", () =>
        {
            inner.DeleteAsync(RunFolder.Of("flow", "run").Lease, version: null, CancellationToken.None).Wait(); // as if it had ended
            Assert.Equal(StateType.Success, Make(inner).Recorded().Step("run").State);
            later = Read(inner);
        });

        Make(store).Recorded(maxTasks: 1).Step("run");

        Assert.NotNull(later);
        Assert.Equal(later, Read(inner));
        Assert.Equal(StateType.Success, RecordedRuns.Read(Make(inner).Flow, "run")!.State);
    }

    private static byte[] Read(IFlowStore store) => store.ReadAll(store.Incarnation().State, TestContext.Current.CancellationToken)!;

    private static TestFlow Make(IFlowStore store) =>
        new TestFlow(options: new() { Store = store }).Task("a").Task("b", "a").Task("c", "b").Task("d", "c");
}
