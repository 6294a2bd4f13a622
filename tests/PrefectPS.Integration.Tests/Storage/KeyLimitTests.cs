using PrefectPS.Azure.Storage;
using PrefectPS.Flows;
using PrefectPS.Google.Storage;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>Keys that a cloud does not take: they are refused before anything is sent, and before a body runs.</summary>
public sealed class KeyLimitTests
{
    // Nobody listens there.
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/");

    [Theory]
    [InlineData("bucket", 824, true)] // with the prefix of 200 bytes and a slash 1,025
    [InlineData("bucket", 823, false)]
    [InlineData("blobs", 824, true)]
    [InlineData("blobs", 823, false)]
    public void A_target_that_is_too_long_with_the_prefix_of_its_store_fails_its_task_before_the_body(string kind, int length, bool fails)
    {
        var ran = false;
        var flow = new Flow("flow", new FlowServices(), new());
        flow.Add(new("task", new Body(() => ran = true)) { Store = Open(kind, new('p', 200)), Target = PathOf(length) });

        var task = StepRunner.Run(FlowState.New(flow), new(), cancellationToken: TestContext.Current.CancellationToken).Tasks[0];

        Assert.Equal(StateType.Failed, task.StateType);
        Assert.False(ran);
        Assert.Equal(fails ? FlowErrorId.TargetInvalid : FlowErrorId.StoreFailed, task.Error!.Id); // one that fits is looked for
        if (fails)
            Assert.Contains("it has 1025 bytes, and the store allows 1024", task.Message!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bucket")]
    [InlineData("blobs")]
    public void A_prefix_of_more_than_200_bytes_is_refused_when_the_store_is_made(string kind)
    {
        Open(kind, new('p', 200));
        foreach (var (prefix, bytes) in new[] { (new string('p', 201), 201), (new string('ä', 100) + "x", 201), ("a/" + new string('日', 70), 212) })
        {
            var error = Assert.Throws<FlowException>(() => Open(kind, prefix));
            Assert.Equal(FlowErrorId.FlowInvalid, error.Id);
            Assert.Contains($"its prefix has {bytes} bytes, and one may have 200", error.Message, StringComparison.Ordinal);
        }
    }

    // Parts of a path have their own limit.
    private static string PathOf(int length) => string.Concat(Enumerable.Range(1, length - 5).Select(i => i % 100 == 0 ? '/' : 't')) + ".json";

    private static IFlowStore Open(string kind, string prefix) => kind == "bucket"
        ? BucketStore.Open(new() { Address = $"gs://bucket/{prefix}", Endpoint = Nowhere, Retry = Impatient })
        : BlobStore.Open(new() { Address = $"azblob://account/container/{prefix}", AccountKey = "a2V5", Endpoint = Nowhere, Retry = Impatient });

    private static StoreRetry Impatient => new() { Tries = 1 };

    private sealed class Body(Action runs) : ITaskBody
    {
        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments)
        {
            runs();
            return 1;
        }
    }
}
