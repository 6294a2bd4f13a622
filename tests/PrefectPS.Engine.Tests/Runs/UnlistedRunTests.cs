using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A run in a folder whose entry in the index was deleted by hand: it is told, and -Resume begins no other in its place.</summary>
public sealed class UnlistedRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;

    public static TheoryData<string, bool> Cases { get; } = new(from kind in new[] { "folder", "memory" } from isFinished in new[] { false, true } select (kind, isFinished));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resume_continues_an_unlisted_run_and_restores_its_entry(string kind, bool isFinished)
    {
        var store = Lose(kind, isFinished);
        var flow = Make(store);

        var run = flow.Recorded().Resume();

        Assert.Equal(isFinished ? ["a", "b"] : ["b"], flow.Ran); // a finished one is listed again, and the next begins
        Assert.Equal(!isFinished, run.RunId == "one");
        Assert.Equal(isFinished ? 2 : 1, store.AllRuns().Count);
        Assert.All(store.AllRuns(), each => Assert.Equal(StateType.Success, each.StateType));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Listing_runs_reports_an_unlisted_run_with_a_remedy(string kind, bool isFinished)
    {
        var store = Lose(kind, isFinished);
        var faults = new List<FlowException>();

        Assert.Empty(new RunIndex(new(store)).AllRuns("flow", faults.Add));
        Assert.Empty(new RunIndex(new(store)).AllRuns(flow: null, each => Assert.Equal(faults[0].Message, each.Message)));
        var fault = Assert.Single(faults);

        Assert.Equal(FlowErrorId.RunDamaged, fault.Id);
        Assert.Contains("run-index/flow/open/one.json", fault.Message, StringComparison.Ordinal);
        Assert.Contains("-RunId 'one'", fault.Message, StringComparison.Ordinal);
        Assert.Empty(new RunIndex(new(store)).AllRuns("Flow", fault => throw fault));
    }

    private IFlowStore Lose(string kind, bool isFinished)
    {
        var store = kind == "folder" ? new FolderStore(_folder) : RecordedFlowExtensions.NewStore();
        Make(store).Recorded(maxTasks: isFinished ? null : 1).Step("one");
        foreach (var entry in store.ListAsync("run-index/", CancellationToken.None).Wait().ToArray())
            store.DeleteAsync(entry.Path, version: null, CancellationToken.None).Wait();
        return store;
    }

    private static TestFlow Make(IFlowStore store) => new TestFlow(options: new() { Store = store }).Task("a").Task("b", "a");
}
