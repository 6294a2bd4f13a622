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

    private int Records() => _store.ListAsync(_store.Incarnation().Journal, TestContext.Current.CancellationToken).Wait().Count();
}
