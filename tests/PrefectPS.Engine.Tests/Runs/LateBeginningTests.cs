using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>
/// A step that was taken over right before it wrote into the index that its run begins, or is unfinished again: where others have ended or removed the run
/// meanwhile, the index does not say for ever that it has yet to end.
/// </summary>
public class LateBeginningTests
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

    // As a process left it that was suspended while it began the run, and woke after another had begun it, ended it and removed it.
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

    // A process that had given its lease back was about to write what it knew of the run.
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

    // Its lease was given back, as far as the other knows.
    private InterruptedStore Taken(Action other) => new(_store, "/open/", () =>
    {
        _store.DeleteAsync(RunFolder.Of("flow", "run").Lease, version: null, CancellationToken.None).Wait();
        other();
    });

    private static TestFlow Make(IFlowStore store) => new TestFlow(options: new() { Store = store }).Task("a").Task("b", "a");
}
