using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>Replay of a crashed step's records if one record covers several tasks, or the flow has changed.</summary>
public class ReplayTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    [Fact]
    public void Records_of_tasks_in_subflows_and_maps_are_replayed()
    {
        StopAfterAll();

        var run = RecordedRuns.Read(Make(withSubflow: true).Flow, "run")!;

        Assert.Equal([StateType.Success, StateType.Success, StateType.Mapped, StateType.Success, StateType.Pending], run.Types());
        Assert.Equal([StateType.Success, StateType.Success], run.Of("sub").Subflow!.Types());
        Assert.Equal([1, 2], (object[])run.Of("map").Result!);
    }

    [Fact]
    public void Subflow_work_of_a_crashed_step_is_replayed()
    {
        using var stop = new CancellationTokenSource();
        var flow = Make(() =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        });
        Assert.ThrowsAny<OperationCanceledException>(() => flow.Recorded().Step("run", stop.Token));

        var run = RecordedRuns.Read(Make(() => { }).Flow, "run")!;

        Assert.Equal(StateType.Success, run.Of("sub").Subflow!.Of("x").StateType);
        Assert.Equal((1, 1), (run.Step, run.Of("sub").Subflow!.Step));

        TestFlow Make(Action ends) => new TestFlow(options: new() { Store = _store }).Add(new("sub", null)
        {
            Subflow = new TestFlow("inner").Task("x").Task("y", _ =>
            {
                ends();
                return null;
            }, "x").Flow,
        });
    }

    [Fact]
    public void A_record_of_a_removed_subflow_is_a_warning_and_the_rest_is_replayed()
    {
        StopAfterAll();

        var flow = Make(withSubflow: false).Flow;
        var stored = StoredRun.Find(new(_store), RunFolder.Of("flow", "run"), flow)!;

        Assert.Equal([StateType.Success, StateType.Mapped, StateType.Success, StateType.Pending], stored.Run.Types());
        Assert.Contains("Task 'sub' in the journal of the run has no subflow in flow 'flow'; the entries of its subflow are ignored.", stored.Warnings);
    }

    [Fact]
    public void A_step_warns_of_recorded_tasks_the_flow_does_not_have()
    {
        new TestFlow(options: new() { Store = _store }).Task("a").Task("gone").Task("b", "gone").Recorded(maxTasks: 2).Step("run");
        var flow = new TestFlow(options: new() { Store = _store }).Task("a").Task("b");

        var outcome = StepTaker.Take(new(new RunById(flow.Flow, "run", RunParameters.None)), TestContext.Current.CancellationToken);

        Assert.Contains("Task 'gone' in the state document is not in flow 'flow'; its state Success is ignored.", outcome.Warnings);
        Assert.Equal(["b"], flow.Ran);
    }

    // A run in memory may have been continued without a record.
    [Fact]
    public void A_state_that_is_further_along_than_the_record_wins()
    {
        var flow = Chain("first", _store);
        var run = flow.Recorded(maxTasks: 1).Step(flow.New()).Run;
        var killed = new InterruptedStore(_store, "/journal/0000000005", () => throw new ProcessKilledException());
        Assert.Throws<ProcessKilledException>(() => Chain("dead", killed).Recorded(durability: FlowDurability.Task).Step(run.RunId));
        Assert.Equal("dead", RecordedRuns.Read(flow.Flow, run.RunId)!.Of("b").Result);
        var without = Chain("without", store: null);
        var given = without.Travel(run);
        for (var step = 0; step < 2; step++)
            given = without.Step(given, maxTasks: 1, reset: true);

        var last = Chain("last", _store);
        var after = last.Recorded().Step(last.Travel(given)).Run;

        Assert.Equal(["first", "without", "without", "last"], after.Tasks.Select(task => task.Result));
    }

    [Theory]
    [InlineData(true, true, true, true)]
    [InlineData(false, true, true, false)]
    [InlineData(true, false, true, false)]
    [InlineData(true, true, false, false)]
    public void A_callers_state_is_recorded_if_results_are_written_to_a_store(bool hasStore, bool flow, bool session, bool isOnRecord)
    {
        var tested = new TestFlow(options: new() { Store = hasStore ? _store : null, Checkpoints = flow }, checkpoints: session).Task("a");

        Assert.Equal(StateType.Success, tested.Recorded().Step(tested.New()).Run.StateType);

        Assert.Equal(isOnRecord, _store.ListAsync("runs/", CancellationToken.None).Wait().Any());
    }

    private static TestFlow Chain(string by, IFlowStore? store) => new TestFlow(options: new() { Store = store })
        .Task("a", _ => by).Task("b", _ => by, "a").Task("c", _ => by, "b").Task("d", _ => by, "c");

    // Only the final write of the stopped step is recorded, in one record.
    private void StopAfterAll()
    {
        using var stop = new CancellationTokenSource();
        var flow = Make(withSubflow: true, () =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        });
        Assert.ThrowsAny<OperationCanceledException>(() => flow.Recorded(durability: FlowDurability.Step).Step("run", stop.Token));
        Assert.Equal(2, _store.ListAsync(_store.Incarnation().Journal, CancellationToken.None).Wait().Count());
    }

    private TestFlow Make(bool withSubflow, Action? ends = null)
    {
        var inner = new TestFlow("inner").Task("x", _ => 1).Task("y", _ => 2, "x");
        var flow = new TestFlow(options: new() { Store = _store }).Task("list", _ => new[] { 1, 2 });
        if (withSubflow)
            flow.Add(new("sub", null) { Subflow = inner.Flow, After = ["list"] });
        return flow
            .Add(new("map", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("x", "list")], After = withSubflow ? ["sub"] : [] })
            .Task("b", _ => "b", "map")
            .Task("end", _ =>
            {
                ends?.Invoke();
                return null;
            }, "b");
    }
}
