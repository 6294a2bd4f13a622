using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A run of very many short steps: what each reads and writes does not grow with what is finished.</summary>
public class LongRunTests
{
    private const int MaxReads = 32;
    private const int NewProcesses = 100;
    private readonly MeasuredStore _store = new(RecordedFlowExtensions.NewStore());

    [Theory]
    [InlineData(FlowDurability.Task)]
    [InlineData(FlowDurability.Batch)]
    public void Each_step_reads_few_objects_and_writes_at_most_twice_its_records(FlowDurability durability)
    {
        var steps = Series.Cases(sample: 300, whole: 100_000);
        var kept = Make(steps); // of a process that goes on; now and then a new one takes a step
        (int Count, long Bytes) own = (0, 0), more = (0, 0);
        for (var step = 0; step < steps; step++)
        {
            _store.Clear();
            var flow = step % (steps / NewProcesses) == 0 ? Make(steps) : kept;
            var run = flow.Recorded(maxTasks: 1, durability).Step("run");
            Assert.Equal((step + 1, 0), (run.Settled.Count, run.Settled.Failed));
            Assert.InRange(_store.Reads, 1, MaxReads);
            Assert.InRange(_store.Lists, 1, 3);
            own = Add(own, _store.Written("/journal/"));
            more = Add(Add(more, _store.Written("/segments/")), _store.Written("/checkpoints/"));
        }

        Assert.InRange(more.Count, 1, own.Count);
        Assert.InRange(more.Bytes, 1, own.Bytes);
        Assert.InRange(new RunFiles(_store).List(_store.Incarnation().Run.Root).Count, 1, 64 + steps); // a result each
        Assert.Equal(2 * steps, RunHistory.Find(_store, "flow", "run")!.Changes.Count);
    }

    [Fact]
    public void A_crashed_step_with_many_records_is_read_from_few_objects()
    {
        var tasks = Series.Cases(sample: 1_000, whole: 20_000);
        var killed = new InterruptedStore(_store, $"/journal/{tasks:D10}", () => throw new ProcessKilledException());
        Assert.Throws<ProcessKilledException>(() => Make(tasks, killed).Recorded(durability: FlowDurability.Task).Step("run"));
        _store.Clear();

        var run = Make(tasks).Recorded(maxTasks: 1).Step("run");

        Assert.Equal(tasks - 1, run.States.Count(state => state.Type == StateType.Success));
        Assert.InRange(_store.Reads, 1, MaxReads);
    }

    private static (int Count, long Bytes) Add((int Count, long Bytes) one, (int Count, long Bytes) other) => (one.Count + other.Count, one.Bytes + other.Bytes);

    private TestFlow Make(int tasks, IFlowStore? store = null)
    {
        var flow = new TestFlow(options: new() { Store = store ?? _store });
        for (var i = 0; i < tasks; i++)
            flow.Task($"t{i}");
        return flow;
    }
}
