using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A removal whose process dies at any call: whoever begins a run of that id ends the removal first, and nothing of the old run is left.</summary>
public class UnfinishedRemovalTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_next_run_with_the_id_replaces_an_unfinished_removal(bool isAfter)
    {
        var begun = 0;
        for (var call = 1; ; call++)
        {
            var store = RecordedFlowExtensions.NewStore();
            Make(store).Recorded().Step("run");
            if (!Dies(() => RunRemoval.Remove(new DyingStore(store, call, isAfter).AllRuns().Single())))
                break;
            store.DeleteAsync(RunFolder.Of("flow", "run").Lease, version: null, CancellationToken.None).Wait(); // the process is gone

            var flow = Make(store);
            Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);

            begun += flow.Ran.Count > 0 ? 1 : 0;
            Assert.Equal(StateType.Success, store.AllRuns().Single().StateType);
            var incarnation = $"/{store.Incarnation().Incarnation}/";
            Assert.All(Paths(store), path => Assert.True(path.EndsWith("/head.json", StringComparison.Ordinal) || path.Contains(incarnation, StringComparison.Ordinal), path));
        }

        Assert.InRange(begun, 3, 100);
    }

    private static bool Dies(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (ProcessKilledException)
        {
            return true;
        }
    }

    private static IEnumerable<string> Paths(IFlowStore store) => store.ListAsync("runs/", CancellationToken.None).Wait().Select(entry => entry.Path);

    private static TestFlow Make(IFlowStore store) => new TestFlow(options: new() { Store = store }).Task("a").Task("b", "a");
}
