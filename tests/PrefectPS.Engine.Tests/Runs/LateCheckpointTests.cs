using PrefectPS.Engine.Tests.Support;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A step that was taken over before it wrote a checkpoint or a segment: what it writes then is named by no record that stands, and nobody reads it.</summary>
public class LateCheckpointTests
{
    [Theory]
    [InlineData("/checkpoints/", 0)]
    [InlineData("/segments/", 4)]
    public void A_late_checkpoint_is_not_used(string place, int stepsBefore)
    {
        var inner = RecordedFlowExtensions.NewStore();
        for (var step = 0; step < stepsBefore; step++)
            Make(inner).Recorded(maxTasks: 1).Step("run");
        var hasHappened = false;
        var store = new InterruptedStore(inner, place, () =>
        {
            hasHappened = true;
            inner.DeleteAsync(RunFolder.Of("flow", "run").Lease, version: null, CancellationToken.None).Wait(); // as if it had ended
            Assert.Equal(StateType.Success, Make(inner).Recorded().Step("run").StateType);
        });

        var error = Assert.Throws<FlowException>(() => Make(store).Recorded(maxTasks: 1).Step("run"));

        Assert.True(hasHappened);
        Assert.Equal(FlowErrorId.StoreConflict, error.Id);
        Assert.Equal((StateType.Success, stepsBefore + 2), RecordedRuns.Read(Make(inner).Flow, "run") is var run ? (run!.StateType, run.Step) : default);
        Assert.Equal(StateType.Success, inner.AllRuns().Single().StateType);
    }

    private static TestFlow Make(IFlowStore store)
    {
        var flow = new TestFlow(options: new() { Store = store }).Task("t0");
        for (var i = 1; i < 8; i++)
            flow.Task($"t{i}", $"t{i - 1}");
        return flow;
    }
}
