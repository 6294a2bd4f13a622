using PrefectPS.Engine.Tests.Support;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>How many requests a step makes of the store, where each costs time and money.</summary>
public class RequestCountTests
{
    // What every step does: lease, read, look for requests, open and look whether the run is still as it was read, close, checkpoint, summary.
    private const int EachStep = 19;

    // Eight records are merged into one segment, and deleted.
    private static readonly int MaxMerges = 2 * (JournalOptions.Default.MaxTail + 3);

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(10_000)]
    public void A_step_makes_a_constant_number_of_requests_for_any_number_of_small_tasks(int tasks)
    {
        var store = new FaultyStore(RecordedFlowExtensions.NewStore());
        Make(store, tasks + 1).Recorded(maxTasks: 1, FlowDurability.Batch).Step("run");
        var before = store.Calls.Count;
        Make(store, tasks + 1).Recorded(durability: FlowDurability.Batch).Step("run");
        Assert.InRange(store.Calls.Count - before, 1, EachStep);
    }

    [Fact]
    public void Each_batch_makes_one_more_request()
    {
        var store = new FaultyStore(RecordedFlowExtensions.NewStore());
        TestFlow flow = null!;
        flow = Make(store, 100, () => flow.Clock.Advance(TimeSpan.FromMilliseconds(25))); // ten tasks in the time of a batch
        flow.Recorded(durability: FlowDurability.Batch).Step("run");
        var batches = store.Calls.Count(call => call.StartsWith("write ", StringComparison.Ordinal) && call.Contains("/journal/", StringComparison.Ordinal));
        Assert.InRange(batches, 8, 12);
        Assert.InRange(store.Calls.Count, 1, EachStep + MaxMerges + batches);
    }

    [Fact]
    public void An_idle_step_acquires_the_lease_reads_and_releases_it()
    {
        var store = new FaultyStore(RecordedFlowExtensions.NewStore());
        Make(store, 3).Recorded().Step("run");
        var before = store.Calls.Count;
        Make(store, 3).Recorded().Step("run");
        Assert.InRange(store.Calls.Count - before, 1, 9);
    }

    private static TestFlow Make(FaultyStore store, int tasks, Action? body = null)
    {
        var flow = new TestFlow(options: new() { Store = store });
        for (var i = 0; i < tasks; i++)
        {
            flow.Task($"t{i}", _ =>
            {
                body?.Invoke();
                return null;
            });
        }

        return flow;
    }
}
