using PrefectPS.Engine.Tests.Support;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A step that was taken over right before it wrote that its run is finished.</summary>
public class LateSummaryTests
{
    [Fact]
    public void A_late_summary_does_not_overwrite_a_later_one()
    {
        var inner = RecordedFlowExtensions.NewStore();
        FlowRun? later = null;
        var store = new InterruptedStore(inner, "/done/", () =>
        {
            inner.DeleteAsync(RunFolder.Of("flow", "run").Lease, version: null, CancellationToken.None).Wait(); // as if it had ended
            var again = Make(inner);
            var run = RecordedRuns.Read(again.Flow, "run")!;
            Assert.Equal(StateType.Success, again.Recorded().Step(run.Change((_, state) => state.Reset("again"))).Run.StateType);
            later = inner.AllRuns().Single();
        });

        Make(store).Recorded().Step("run");

        Assert.Equal(2, later!.Step);
        var now = inner.AllRuns().Single();
        Assert.Equal((later.Step, later.UpdateTime, later.Record), (now.Step, now.UpdateTime, now.Record));
        Assert.Equal(2, RecordedRuns.Read(Make(inner).Flow, "run")!.Step);
    }

    [Fact]
    public void A_late_summary_does_not_overwrite_that_of_an_idle_step()
    {
        var inner = RecordedFlowExtensions.NewStore();
        var store = new InterruptedStore(inner, "/done/", () =>
        {
            inner.DeleteAsync(RunFolder.Of("flow", "run").Lease, version: null, CancellationToken.None).Wait();
            var later = Make(inner);
            later.Clock.Advance(TimeSpan.FromMinutes(2));
            later.Recorded().Step("run");
        });
        Make(store).Recorded().Step("run");
        Assert.Equal(TestFlow.Start + TimeSpan.FromMinutes(2), inner.AllRuns().Single().UpdateTime);
    }

    private static TestFlow Make(IFlowStore store) => new TestFlow(options: new() { Store = store }).Task("a").Task("b", "a");
}
