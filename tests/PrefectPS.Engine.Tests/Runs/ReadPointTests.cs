using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A process that steps again on a run goes on from what it has read of it, and sees all that others have done since.</summary>
public class ReadPointTests
{
    private readonly MeasuredStore _store = new(RecordedFlowExtensions.NewStore());

    [Fact]
    public void A_known_checkpoint_is_not_read_again()
    {
        var flow = Make();
        Take(flow);
        Assert.Equal(1, ReadCheckpoints(flow));
        Assert.Equal(0, ReadCheckpoints(flow));
        Assert.Equal(1, ReadCheckpoints(Make()));
        Take(Make());
        Assert.Equal(0, ReadCheckpoints(flow));
    }

    [Fact]
    public void Changes_by_another_process_are_seen()
    {
        var (one, other) = (Make(), Make());
        for (var step = 0; step < 30; step++)
        {
            var run = Take(step % 3 == 0 ? one : other);
            Assert.Equal(step + 1, run.States.Count(state => state.Type == StateType.Success));
        }

        Assert.Equal(30, one.Ran.Count + other.Ran.Count);
    }

    [Fact]
    public void Work_of_a_crashed_step_is_not_repeated_after_a_cached_read()
    {
        var flow = Make();
        var given = Take(flow);
        var killed = Make(store: new InterruptedStore(_store, "/journal/", () => throw new ProcessKilledException(), skip: 3));
        Assert.Throws<ProcessKilledException>(() => killed.Recorded(maxTasks: 9, FlowDurability.Task).Step("run"));
        var done = Read(flow).States.Count(state => state.Type == StateType.Success);
        Assert.InRange(done, 2, 9);

        flow.Recorded(maxTasks: 1).Step(given);

        Assert.Equal(["t0", $"t{done}"], flow.Ran);
    }

    // As where a folder is put back to what it was in a backup.
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_changed_record_is_read_again(int steps)
    {
        var flow = Make();
        for (var step = 0; step < 5; step++)
            Take(flow);
        var backup = Copy();
        Take(flow);
        Read(flow);
        Restore(backup);
        for (var step = 0; step < steps; step++)
            Take(Make("other"));

        var run = Take(flow);

        Assert.Equal(5 + steps + 1, run.States.Count(state => state.Type == StateType.Success));
        Assert.Equal([.. Enumerable.Repeat<object>("own", 5), .. Enumerable.Repeat<object>("other", steps), "own"], run.Tasks.Take(6 + steps).Select(task => task.Result));
    }

    [Fact]
    public void A_run_removed_and_created_again_is_another()
    {
        var flow = Make();
        Take(flow);
        Take(flow);
        RunRemoval.Remove(Assert.Single(_store.AllRuns()), flow.Flow.Services);

        Assert.Single(Take(flow).States, state => state.Type == StateType.Success);
    }

    // A checkpoint that a step writes has values as its bodies have left them: what a new process sees is what counts.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Modified_results_are_read_again_as_in_a_new_process(bool isStored) =>
        Assert.Equal(SeenByBodies(isStored, isKept: false), SeenByBodies(isStored, isKept: true));

    private List<object?> SeenByBodies(bool isStored, bool isKept)
    {
        var seen = new List<object?>();
        var store = RecordedFlowExtensions.NewStore();
        var kept = MakeChanging(store, isStored, seen);
        for (var step = 0; step < 9; step++)
        {
            var flow = isKept ? kept : MakeChanging(store, isStored, seen);
            StepTaker.Take(new(new RunById(flow.Flow, "run", RunParameters.None)) { Budget = new() { MaxTasks = 1 } }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(8, seen.Count);
        return seen;
    }

    private static TestFlow MakeChanging(IFlowStore store, bool isStored, List<object?> seen)
    {
        var flow = new TestFlow(options: new() { Store = store, Checkpoints = isStored }).Task("list", _ => new object?[] { 1 });
        for (var i = 0; i < 8; i++)
        {
            var body = TestFlow.Body(arguments =>
            {
                var list = (object?[])arguments[0].Value!;
                seen.Add(list[0]);
                list[0] = seen.Count;
                return null;
            });
            flow.Add(new($"t{i}", body) { InputFrom = [new("x", "list")] });
        }

        return flow;
    }

    private FlowState Take(TestFlow flow) => flow.Recorded(maxTasks: 1, FlowDurability.Task).Step("run");

    private static FlowState Read(TestFlow flow) => RecordedRuns.Read(flow.Flow, "run")!;

    private int ReadCheckpoints(TestFlow flow)
    {
        _store.Clear();
        Read(flow);
        return _store.ReadPaths.Count(path => path.Contains("/checkpoints/", StringComparison.Ordinal));
    }

    private Dictionary<string, byte[]> Copy()
    {
        var files = new RunFiles(_store);
        return files.List(string.Empty).ToDictionary(entry => entry.Path, entry => files.Read(entry.Path)!.Value.Content);
    }

    private void Restore(Dictionary<string, byte[]> backup)
    {
        var files = new RunFiles(_store);
        files.TryDelete(files.List(string.Empty).Select(entry => entry.Path));
        foreach (var (path, content) in backup)
            files.WriteOwn(path, content, WriteCondition.IfAbsent);
    }

    private TestFlow Make(string by = "own", IFlowStore? store = null)
    {
        var flow = new TestFlow(options: new() { Store = store ?? _store });
        for (var i = 0; i < 40; i++)
            flow.Task($"t{i}", _ => by);
        return flow;
    }
}
