using PrefectPS.Google.Storage;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>Faults on the way to Google Cloud Storage and in it: those that pass are tried again, the others are one error.</summary>
public sealed class BucketErrorTests : StoreErrorTests, IAsyncLifetime
{
    private readonly NoticeList _notices = new();
    private CloudStorageServer _server = null!;
    private BucketStore _store = null!;

    /// <summary>What passes by itself, each with what is said of it.</summary>
    public static TheoryData<string, string> PassingMishaps => new()
    {
        { "429", "it answered 429" }, { "503", "it answered 503" }, { "500", "it answered 500" }, { "408", "it answered 408" },
        { nameof(HttpMishap.Broken), "it cannot be reached" }, { nameof(HttpMishap.Silence), "no answer within 0.5 seconds" },
    };

    public async ValueTask InitializeAsync()
    {
        _server = await CloudStorageServer.StartAsync();
        _store = Open(_server.CreateBucket());
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(PassingMishaps))]
    public async Task Transient_faults_are_retried_with_a_notice(string mishap, string reason)
    {
        using var listening = StoreNotices.Listen(_notices);
        foreach (var (operation, call) in Operations(_store))
        {
            _notices.Clear();
            _server.Expect(MishapOf(mishap), MishapOf(mishap));
            await call();
            Assert.True(_notices.Count >= 2, $"{operation}: {string.Join('\n', _notices.All)}");
            Assert.StartsWith($"The store '{_store.Name}' is tried again (2 of 3): ", _notices.All[0], StringComparison.Ordinal);
            Assert.Contains(reason, _notices.All[0], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Permanent_faults_are_one_error(int status)
    {
        _server.Refuses = status;
        await AssertFailsAsync(_store, $"it answered {status}", isTransient: true);
    }

    [Theory]
    [InlineData(401, "it does not accept the credentials (401)")]
    [InlineData(403, "the credentials do not allow it (403)")]
    [InlineData(400, "it answered 400")]
    public async Task Rejected_requests_are_not_retried(int status, string reason)
    {
        _server.Refuses = status;
        await Assert.ThrowsAsync<FlowException>(async () => await _store.ReadAsync("x", Stop));
        Assert.Single(_server.Requests);
        await AssertFailsAsync(_store, reason);
    }

    [Fact]
    public async Task A_missing_bucket_is_an_error() =>
        await AssertFailsAsync(Open("gs://nowhere/prefix"), "there is no bucket 'nowhere': create it, or specify another");

    [Fact]
    public void An_endpoint_with_a_path_is_rejected()
    {
        var error = Assert.Throws<FlowException>(() => BucketStore.Open(new() { Address = "gs://bucket", Endpoint = new("http://127.0.0.1:1/gcs") }));
        Assert.Equal(FlowErrorId.FlowInvalid, error.Id);
        Assert.Contains("'http://127.0.0.1:1/gcs' has a path", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_endpoint_is_an_error()
    {
        await _server.DisposeAsync();
        await AssertFailsAsync(_store, "it cannot be reached: Connection refused", isTransient: true);
    }

    [Fact]
    public async Task An_invalid_response_is_an_error()
    {
        _server.Expect(new HttpMishap.Nonsense());
        var error = await Assert.ThrowsAsync<FlowException>(async () => await _store.WriteAsync("x", new byte[1], WriteCondition.Always, Stop));
        Assert.Equal((FlowErrorId.StoreFailed, true), (error.Id, error.IsTransient));
        Assert.Contains("its answer is not valid: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_response_to_the_last_block_is_an_error()
    {
        _server.Expect(new HttpMishap.None(), new HttpMishap.None(), new HttpMishap.Nonsense());
        using var content = new ForwardStream(5_000_000);
        var error = await Assert.ThrowsAsync<FlowException>(async () => await _store.WriteAsync("x", content, WriteCondition.Always, Stop));
        Assert.Equal((FlowErrorId.StoreFailed, true), (error.Id, error.IsTransient));
        Assert.Contains("its answer is not valid: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_credentials_are_an_error()
    {
        var store = BucketStore.Open(new() { Address = "gs://bucket", Endpoint = new("https://127.0.0.1:1"), KeyFile = "/nowhere/key.json", Retry = Hasty });
        var error = await Assert.ThrowsAsync<FlowException>(async () => await store.ReadAsync("x", Stop));
        Assert.Contains("/nowhere/key.json", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task A_conditional_write_with_a_lost_response_recognizes_itself()
    {
        foreach (var size in new[] { 10, 5_000_000 })
        {
            // Of a large one, the answer to its last block.
            HttpMishap[] before = size == 10 ? [] : [new HttpMishap.None(), new HttpMishap.None()];
            _server.Expect([.. before, new HttpMishap.LostAnswer()]);
            var version = await _store.WriteAsync($"x{size}", new ForwardStream(size), WriteCondition.IfAbsent, Stop);
            using var found = (await _store.ReadAsync($"x{size}", Stop))!;
            Assert.Equal((version, size), (found.Version, found.Length));
        }
    }

    [Fact]
    public async Task A_conditional_write_that_lost_the_race_is_a_conflict()
    {
        await _store.WriteAsync("x", new byte[1], WriteCondition.IfAbsent, Stop);
        _server.Expect(new HttpMishap.Answer(503));
        var error = await Assert.ThrowsAsync<FlowException>(async () => await _store.WriteAsync("x", new byte[2], WriteCondition.IfAbsent, Stop));
        Assert.Equal(FlowErrorId.StoreConflict, error.Id);
    }

    [Fact]
    public async Task A_version_that_no_object_can_have_is_a_conflict()
    {
        const string Version = "\"0x8D\"";
        await _store.WriteAsync("x", new byte[1], WriteCondition.Always, Stop);
        var write = await Assert.ThrowsAsync<FlowException>(async () => await _store.WriteAsync("x", new byte[2], WriteCondition.IfVersion(Version), Stop));
        var delete = await Assert.ThrowsAsync<FlowException>(async () => await _store.DeleteAsync("x", Version, Stop));
        Assert.Equal((FlowErrorId.StoreConflict, FlowErrorId.StoreConflict), (write.Id, delete.Id));
    }

    [Fact]
    public async Task An_upload_resumes_within_a_block_after_a_broken_connection()
    {
        const int Size = 13_000_000;
        using var listening = StoreNotices.Listen(_notices);
        _server.Expect(new HttpMishap.None(), new HttpMishap.None(), new HttpMishap.HalfRequest());
        var version = await _store.WriteAsync("x", new ForwardStream(Size), WriteCondition.IfAbsent, Stop);
        using var found = (await _store.ReadAsync("x", Stop))!;
        Assert.Equal(version, found.Version);
        var content = await found.ReadAllAsync(Stop);
        Assert.True(ForwardStream.Bytes(Size).AsSpan().SequenceEqual(content));
        Assert.Contains("is tried again (2 of 3): it cannot be reached", Assert.Single(_notices.All), StringComparison.Ordinal);
        // One to begin, a block, one that breaks, the question how much of it came, and two blocks with the rest.
        Assert.Equal(6, _server.Requests.Count(request => !request.StartsWith("GET", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_broken_download_resumes()
    {
        var content = ForwardStream.Bytes(3_000_000);
        await _store.WriteAsync("x", content, WriteCondition.Always, Stop);
        _server.Expect(new HttpMishap.HalfAnswer(), new HttpMishap.HalfAnswer());
        using var found = (await _store.ReadAsync("x", Stop))!;
        Assert.Equal(content, await found.ReadAllAsync(Stop));
        var generation = $"generation={found.Version}";
        Assert.All(_server.Requests.TakeLast(2), request => Assert.Contains(generation, request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broken_download_does_not_resume_with_other_content()
    {
        await _store.WriteAsync("x", ForwardStream.Bytes(3_000_000), WriteCondition.Always, Stop);
        _server.Expect(new HttpMishap.HalfAnswer());
        using var found = (await _store.ReadAsync("x", Stop))!;
        await _store.WriteAsync("x", new byte[3_000_000], WriteCondition.Always, Stop);
        var error = await Assert.ThrowsAsync<FlowException>(async () => await found.ReadAllAsync(Stop));
        Assert.Equal(FlowErrorId.StoreFailed, error.Id);
    }

    private BucketStore Open(string address) => BucketStore.Open(new() { Address = address, Endpoint = _server.Endpoint, Retry = Hasty });

    private static HttpMishap MishapOf(string name) => name switch
    {
        nameof(HttpMishap.Broken) => new HttpMishap.Broken(),
        nameof(HttpMishap.Silence) => new HttpMishap.Silence(),
        _ => new HttpMishap.Answer(int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
