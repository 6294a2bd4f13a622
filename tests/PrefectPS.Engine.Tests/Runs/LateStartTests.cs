using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>
/// A step that lost its lease right before it marked its run as new or unfinished in the index: if others have ended or removed the run meanwhile, the
/// index entry does not stay unfinished forever.
/// </summary>
public class LateStartTests
{
    private static readonly string Entry = RunFolder.Of("flow", "run").Open;

    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    [Fact]
    public void A_run_created_and_finished_by_another_process_stays_the_only_one()
    {
        var late = Make(Taken(() => Make(_store).Recorded().Step("run")));

        var error = Assert.Throws<FlowException>(() => late.Recorded().Step("run"));

        Assert.Equal(FlowErrorId.StoreConflict, error.Id);
        Assert.Empty(late.Ran);
        Assert.Equal((StateType.Success, EntryMark.None), _store.AllRuns().Select(run => (run.StateType, run.Mark)).Single());
        Assert.Null(OpenRun.Find(Make(_store).Flow));
    }

    [Fact]
    public void A_finished_run_removed_before_it_was_reopened_leaves_nothing()
    {
        var given = Make(_store).Recorded().Step("run");
        var late = Make(Taken(() => RunRemoval.Remove(_store.AllRuns().Single())));

        var error = Assert.Throws<FlowException>(() => late.Recorded().Step(given.Change((_, state) => state.Reset("again"))));

        Assert.Equal(FlowErrorId.StoreConflict, error.Id);
        Assert.Empty(late.Ran);
        Assert.Empty(_store.AllRuns());
        Assert.Null(OpenRun.Find(Make(_store).Flow));
    }

    // State left by a process that was suspended while creating the run, and woke after another had created, ended and removed it.
    [Fact]
    public void A_stray_head_does_not_block_a_new_run()
    {
        Make(_store).Recorded().Step("run");
        var folder = _store.Incarnation();
        foreach (var entry in _store.ListAsync(folder.Journal, CancellationToken.None).Wait().ToArray())
            _store.DeleteAsync(entry.Path, version: null, CancellationToken.None).Wait();
        _store.DeleteAsync(folder.Done, version: null, CancellationToken.None).Wait();
        Assert.Null(RecordedRuns.Read(Make(_store).Flow, "run"));

        var flow = Make(_store);
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);

        Assert.Equal(["a", "b"], flow.Ran);
        Assert.Equal(StateType.Success, _store.AllRuns().Single().StateType);
    }

    // A process that had released its lease was about to write its last known summary.
    [Fact]
    public void A_late_write_is_no_conflict_for_the_holder_of_the_lease()
    {
        Make(_store).Recorded(maxTasks: 1).Step("run");
        var known = _store.ReadAll(Entry, CancellationToken.None)!;
        var given = Make(_store).Recorded().Step("run");
        var flow = Make(new InterruptedStore(_store, "/open/", () => _store.WriteAll(Entry, known, CancellationToken.None)));

        Assert.Equal(StateType.Success, flow.Recorded().Step(given.Change((_, state) => state.Reset("again"))).Run.StateType);

        Assert.Equal(["a", "b"], flow.Ran);
        Assert.Null(OpenRun.Find(Make(_store).Flow));
    }

    [Fact]
    public void A_failing_write_is_reported_with_the_stores_reason()
    {
        var given = Make(_store).Recorded().Step("run");
        var flow = Make(new InterruptedStore(_store, "/open/", () => throw ProviderErrors.StoreFailed("store", "write", Entry, new("it answered 403", IsTransient: false))));

        var error = Assert.Throws<FlowException>(() => flow.Recorded().Step(given.Change((_, state) => state.Reset("again"))));

        Assert.Equal(FlowErrorId.StoreFailed, error.Id);
        Assert.Empty(flow.Ran);
    }

    // To the other process, its lease is released.
    private InterruptedStore Taken(Action other) => new(_store, "/open/", () =>
    {
        _store.DeleteAsync(RunFolder.Of("flow", "run").Lease, version: null, CancellationToken.None).Wait();
        other();
    });

    private static TestFlow Make(IFlowStore store) => new TestFlow(options: new() { Store = store }).Task("a").Task("b", "a");
}
