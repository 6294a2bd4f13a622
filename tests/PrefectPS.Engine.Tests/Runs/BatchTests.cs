using PrefectPS.Engine.Tests.Support;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>When a step that keeps its progress in batches writes one.</summary>
public class BatchTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    [Theory]
    [InlineData(300_000, new[] { 1, 1, 1, 1, 2 })] // the fourth result fills a batch
    [InlineData(1_100_000, new[] { 1, 2, 3, 4, 5 })]
    [InlineData(1_000, new[] { 1, 1, 1, 1, 1 })]
    public void A_batch_of_more_than_a_mebibyte_is_written_at_once(int resultLength, int[] records)
    {
        var seen = new List<int>();
        var flow = new TestFlow(options: new() { Store = _store });
        for (var i = 0; i < records.Length; i++)
        {
            var body = TestFlow.Body(_ =>
            {
                seen.Add(Records());
                return new string('x', resultLength);
            });
            flow.Add(new($"t{i}", body) { After = i == 0 ? [] : [$"t{i - 1}"], Checkpoints = false }); // its result is in the record itself
        }

        flow.Recorded(durability: FlowDurability.Batch).Step("run");

        Assert.Equal(records, seen);
    }

    [Theory]
    [InlineData(FlowDurability.Batch, 249, 1)]
    [InlineData(FlowDurability.Batch, 250, 2)]
    [InlineData(FlowDurability.Step, 60_000, 1)]
    public void A_batch_is_written_250_ms_after_its_first_task_ended(FlowDurability durability, int milliseconds, int expected)
    {
        var records = 0;
        TestFlow flow = null!;
        flow = new TestFlow(options: new() { Store = _store }).Task("a").Task("b", _ =>
        {
            flow.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            records = Records();
            return null;
        }, "a");

        flow.Recorded(durability: durability).Step("run");

        Assert.Equal(expected, records);
    }

    [Fact]
    public void A_batch_written_for_its_size_is_not_written_again_by_the_timer()
    {
        var records = (Before: 0, After: 0);
        TestFlow flow = null!;
        flow = new TestFlow(options: new() { Store = _store, Checkpoints = false }).Task("a").Task("large", _ => new string('x', 1_100_000), "a").Task("b", _ =>
        {
            records.Before = Records();
            flow.Clock.Advance(TimeSpan.FromMinutes(1));
            records.After = Records();
            return null;
        }, "large");

        flow.Recorded(durability: FlowDurability.Batch).Step("run");

        Assert.Equal((2, 2), records);
    }

    private int Records() => _store.ListAsync(_store.Incarnation().Journal, TestContext.Current.CancellationToken).Wait().Count();
}
