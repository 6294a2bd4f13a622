using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Google.Storage;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.StepProcess;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>How many requests go to Google Cloud Storage, where each costs time and money.</summary>
public sealed class BucketRequestTests : IAsyncLifetime
{
    private CloudStorageServer _server = null!;
    private BucketStore _store = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await CloudStorageServer.StartAsync();
        _store = BucketStore.Open(new() { Address = _server.CreateBucket(), Endpoint = _server.Endpoint, PageSize = 2 });
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Each_operation_is_one_request_whatever_its_result()
    {
        var version = await _store.WriteAsync("x", new byte[10], WriteCondition.IfAbsent, Stop);
        version = await _store.WriteAsync("x", new byte[20], WriteCondition.IfVersion(version), Stop);
        (await _store.ReadAsync("x", Stop))!.Dispose();
        Assert.Null(await _store.ReadAsync("y", Stop));
        await _store.DeleteAsync("x", version, Stop);
        await _store.DeleteAsync("x", null, Stop);
        await foreach (var _ in _store.ListAsync(string.Empty, Stop))
        {
        }

        Assert.Equal(["POST", "POST", "GET", "GET", "DELETE", "DELETE", "GET"], _server.Requests.Select(request => request.Split(' ')[0]));
    }

    [Fact]
    public async Task A_large_object_takes_one_request_to_begin_and_one_for_each_block()
    {
        await _store.WriteAsync("x", new ForwardStream((9 * 1024 * 1024) + 1), WriteCondition.Always, Stop);
        Assert.Equal(["POST", "PUT", "PUT", "PUT"], _server.Requests.Select(request => request.Split(' ')[0]));
    }

    [Fact]
    public async Task A_listing_takes_one_request_for_each_page()
    {
        foreach (var path in new[] { "a", "b", "c" })
            await _store.WriteAsync(path, new byte[1], WriteCondition.Always, Stop);
        var before = _server.Requests.Count;
        await foreach (var _ in _store.ListAsync(string.Empty, Stop))
        {
        }

        Assert.Equal(2, _server.Requests.Count - before);
    }

    [Fact]
    public void A_step_makes_as_many_requests_as_it_calls_the_store()
    {
        var counted = new FaultyStore(_store);
        var outcome = StepTaker.Take(new(new RunById(KillableFlow.Make(counted, _ => { }), "run", RunParameters.None)), Stop);
        Assert.True(outcome.Run.StateType == PrefectPS.States.StateType.Success, $"{outcome.Run.State}");
        Assert.Equal(counted.Calls.Count, _server.Requests.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_server.Requests.Count} requests");
    }
}
