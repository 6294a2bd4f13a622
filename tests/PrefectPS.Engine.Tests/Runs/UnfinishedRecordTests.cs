using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A step that died while it wrote that it had ended: the next one, though it has nothing to run, makes the record whole.</summary>
public class UnfinishedRecordTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_next_step_completes_an_unfinished_record(bool isResumed)
    {
        var killed = new InterruptedStore(_store, "/done", () => throw new ProcessKilledException());
        Assert.Throws<ProcessKilledException>(() => Make(killed).Recorded().Step("run"));

        var flow = Make(_store);
        var run = isResumed ? flow.Recorded(maxTasks: 1).Resume() : flow.Recorded().Step("run");

        Assert.Equal(isResumed ? ["a"] : [], flow.Ran); // that of the next run
        Assert.Equal(isResumed, run.RunId != "run");
        Assert.Null(_store.ReadAll(RunFolder.Of("flow", "run").Open, TestContext.Current.CancellationToken));
        Assert.Equal((StateType.Success, 2), _store.AllRuns().Where(each => each.RunId == "run").Select(each => (each.StateType, each.FinishedCount)).Single());
        Assert.NotEmpty(RunHistory.Find(_store, "flow", "run")!.Changes);
        Assert.False(StoredRun.Find(new(_store), RunFolder.Of("flow", "run"), flow.Flow)!.IsAhead);
    }

    [Fact]
    public void A_state_from_before_a_closed_step_is_stale_even_without_its_summary()
    {
        var first = Make(_store);
        var given = first.Recorded(maxTasks: 1).Step(first.New()).Run;
        var killed = new InterruptedStore(_store, "/done/", () => throw new ProcessKilledException());
        Assert.Throws<ProcessKilledException>(() => Make(killed).Recorded().Step(given.RunId));

        var flow = Make(_store);
        var outcome = flow.Recorded().Step(flow.Travel(given));

        Assert.True(outcome.IsLate);
        Assert.Equal(StateType.Success, outcome.Run.StateType);
        Assert.Empty(flow.Ran);
    }

    [Fact]
    public void A_stopped_step_reports_the_stop_even_if_it_cannot_record_it()
    {
        using var stop = new CancellationTokenSource();
        var flow = default(TestFlow)!;
        var store = new InterruptedStore(_store, "/journal/0000000002", () => throw ProviderErrors.StoreFailed("store", "write", "path", new("it answered 403", IsTransient: false)));
        flow = new TestFlow(options: new() { Store = store }).Task("a").Task("b", _ =>
        {
            flow.Clock.Advance(TimeSpan.FromMinutes(1)); // a batch is written meanwhile
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        });

        Assert.ThrowsAny<OperationCanceledException>(() => flow.Recorded(durability: FlowDurability.Batch).Step("run", stop.Token));
    }

    [Fact]
    public void Changes_are_recorded_with_their_messages()
    {
        var flow = new TestFlow(options: new() { Store = _store }).Task("a", _ => throw new InvalidOperationException("no")).Task("b", "a");
        flow.Recorded().Step("run");

        Assert.Equal(
            [
                ("a", StateType.Running, "Starting task run."),
                ("a", StateType.Failed, "Error during execution of task: no"),
                ("b", StateType.TriggerFailed, "Trigger was \"all_successful\" but some of the upstream tasks failed."),
            ],
            RunHistory.Find(_store, "flow", "run")!.Changes.Select(change => (change.Task, change.ToType, change.Message!)));
    }

    private static TestFlow Make(IFlowStore store) => new TestFlow(options: new() { Store = store }).Task("a").Task("b", "a");
}
