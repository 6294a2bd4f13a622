using PrefectPS.Azure.Storage;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Google.Storage;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Runs;

/// <summary>What one more step asks of a store behind a network: as little after many finished tasks as after few.</summary>
public sealed class StepRequestTests(EmulatorFixture emulators)
{
    private const int Few = 10;
    private const int Many = 1_000;
    private const int Steps = 24; // some of them merge records, and some write a checkpoint
    private const int MaxReads = 32;
    private const int MaxRequests = 24; // on average
    private const int MaxMore = 4; // the segments and the checkpoint of the first step, of which a short run has none

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Load", "heavy")]
    public async Task In_a_blob_container_the_record_does_not_grow()
    {
        var azurite = await emulators.AzuriteAsync();
        var few = Measure(BlobStore.Open(new() { Address = await azurite.CreateContainerAsync(), ConnectionString = azurite.ConnectionString }), Few);
        var many = Measure(BlobStore.Open(new() { Address = await azurite.CreateContainerAsync(), ConnectionString = azurite.ConnectionString }), Many);
        AssertAlike(few, many);
    }

    [Fact]
    public async Task In_a_bucket_the_record_does_not_grow_and_each_call_is_one_request()
    {
        await using var server = await CloudStorageServer.StartAsync();
        var few = Measure(BucketStore.Open(new() { Address = server.CreateBucket(), Endpoint = server.Endpoint }), Few);
        var sentBefore = server.Requests.Count;
        var many = Measure(BucketStore.Open(new() { Address = server.CreateBucket(), Endpoint = server.Endpoint }), Many);
        AssertAlike(few, many);
        Assert.InRange(server.Requests.Count - sentBefore, many.All, many.All + 2); // the first write of a store may be asked for twice
    }

    private static void AssertAlike((int Counted, int All) few, (int Counted, int All) many)
    {
        Assert.InRange(many.Counted, 1, Steps * MaxRequests);
        Assert.InRange(many.Counted, 1, few.Counted + (Steps * MaxMore));
    }

    // How many requests the steps made after the first ones, which merge what the first of all has written; and all.
    private static (int Counted, int All) Measure(IFlowStore inner, int tasks)
    {
        var store = new MeasuredStore(inner);
        var flow = Make(store, tasks + (2 * Steps));
        (long Own, long More) bytes = (0, 0);
        var all = Take(FlowDurability.Step, tasks);
        for (var i = 0; i < Steps; i++)
            all += Take(FlowDurability.Batch, 1);
        var counted = 0;
        for (var i = 0; i < Steps; i++)
            counted += Take(FlowDurability.Batch, 1);

        Assert.InRange(bytes.More, 1, bytes.Own);
        return (counted, all + counted);

        int Take(FlowDurability durability, int maxTasks)
        {
            store.Clear();
            StepTaker.Take(new(new RunById(flow, "run", RunParameters.None)) { Budget = new() { MaxTasks = maxTasks }, Durability = durability }, Stop);
            Assert.InRange(store.Reads, 1, MaxReads);
            bytes.Own += store.Written("/journal/").Bytes;
            bytes.More += store.Written("/segments/").Bytes + store.Written("/checkpoints/").Bytes;
            return store.Reads + store.Lists + store.Writes.Count + store.Deletes;
        }
    }

    private static Flow Make(IFlowStore store, int tasks)
    {
        var flow = new Flow("long", new FlowServices(), new() { Store = store });
        for (var i = 0; i < tasks; i++)
            flow.Add(new($"t{i}", NoBody.Instance) { After = i == 0 ? [] : [$"t{i - 1}"] });
        return flow;
    }

    private sealed class NoBody : ITaskBody
    {
        public static readonly NoBody Instance = new();

        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments) => null;
    }
}
