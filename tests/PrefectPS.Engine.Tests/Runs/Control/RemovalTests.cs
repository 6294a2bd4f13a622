using PrefectPS.Engine.Tests.Support;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs.Control;

/// <summary>A removal of a run whose lease somebody else has.</summary>
public class RemovalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    [Fact]
    public void A_removal_waits_while_requests_are_applied()
    {
        var flow = Begin(appliesRequests: true);
        flow.Sleeps = _ => new RunFiles(_store).Delete(new RunFolder("flow", "run").Lease);

        RunRemoval.Remove(_store.AllRuns().Single(), flow.Flow.Services);

        Assert.Single(flow.Slept);
        Assert.Empty(_store.ListAsync("run", TestContext.Current.CancellationToken).Wait());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_removal_does_not_wait_long_nor_for_a_step(bool appliesRequests)
    {
        var flow = Begin(appliesRequests);

        var error = Assert.Throws<FlowException>(() => RunRemoval.Remove(_store.AllRuns().Single(), flow.Flow.Services));

        Assert.Equal(FlowErrorId.StoreConflict, error.Id);
        Assert.Equal(appliesRequests ? Patience : TimeSpan.Zero, flow.Slept.Aggregate(TimeSpan.Zero, (all, each) => all + each));
        Assert.Single(_store.AllRuns());
    }

    private TestFlow Begin(bool appliesRequests)
    {
        var flow = new TestFlow(options: new() { Store = _store }).Task("a");
        flow.Recorded().Step("run");
        var content = new LeaseContent("someone", ProcessIdentity.Current with { Host = "elsewhere" }, LeaseOptions.Default.Duration, Renewals: 0) { Applies = appliesRequests };
        new RunFiles(_store).Write(new RunFolder("flow", "run").Lease, content.ToBytes());
        return flow;
    }
}
