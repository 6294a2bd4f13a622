using System.Text;
using Azure.Storage.Queues;
using PrefectPS.Azure.Channels;
using PrefectPS.Channels;
using PrefectPS.Google.Channels;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Integration.Tests.Storage;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Channels;

/// <summary>The contract, for channels in real time.</summary>
public abstract class RemoteChannelContract : EngineChannelContract
{
    protected override DateTimeOffset Now => DateTimeOffset.UtcNow;

    protected override async ValueTask PassAsync(TimeSpan time) => await Task.Delay(time, Stop);
}

public sealed class QueueChannelTests(EmulatorFixture emulators) : RemoteChannelContract
{
    private string _connection = string.Empty;
    private string _queue = string.Empty;

    protected override async ValueTask<IFlowChannel> CreateAsync()
    {
        _connection = (await emulators.AzuriteAsync()).ConnectionString;
        _queue = $"q{Guid.NewGuid():n}";
        await new QueueClient(_connection, _queue).CreateAsync(cancellationToken: Stop);
        return OpenAgain();
    }

    protected override IFlowChannel OpenAgain() => Open($"azqueue://{Azurite.Account}/{_queue}");

    private protected override async ValueTask SendCutAsync(ChannelMessage message, int length) =>
        await new QueueClient(_connection, _queue).SendMessageAsync(Convert.ToBase64String(message.Document[..length]), Stop);

    [Fact]
    public async Task A_message_is_the_document_as_a_queue_trigger_expects_it()
    {
        await Channel.SendAsync(new(Encoding.UTF8.GetBytes("""{"tasks": []}""")), Stop);
        var received = await new QueueClient(_connection, _queue).ReceiveMessageAsync(cancellationToken: Stop);
        Assert.Equal("""{"tasks": []}""", Encoding.UTF8.GetString(Convert.FromBase64String(received.Value.MessageText)));
    }

    [Fact]
    public async Task The_run_and_step_of_our_documents_are_identified()
    {
        await Channel.SendAsync(new(Encoding.UTF8.GetBytes("""{"version": 1, "flow": {"name": "f"}, "run": {"id": "r", "step": 7}, "tasks": []}""")), Stop);
        var message = (await ReceiveAsync(TimeSpan.FromMinutes(1))).Message;
        Assert.Equal(("f", "r", 7), (message.Flow, message.RunId, message.Step));
    }

    [Fact]
    public async Task A_missing_queue_is_one_clear_error()
    {
        var error = await Assert.ThrowsAsync<FlowException>(async () => await Open($"azqueue://{Azurite.Account}/nowhere").SendAsync(Message("x"), Stop));
        Assert.Equal(
            (FlowErrorId.ChannelFailed, false,
                $"The channel 'azqueue://{Azurite.Account}/nowhere' failed to send: there is no queue 'nowhere' in the account: create it, or specify another"),
            (error.Id, error.IsTransient, error.Message));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_unreachable_service_is_a_transient_fault(int tries)
    {
        var channel = QueueChannel.Open(new()
        {
            Address = $"azqueue://{Azurite.Account}/{_queue}",
            Endpoint = new($"http://127.0.0.1:{FreePorts.Find(1)[0]}/{Azurite.Account}"),
            AccountKey = Azurite.Key,
            Retry = new() { Tries = tries, FirstDelay = TimeSpan.FromMilliseconds(1) },
        });
        var error = await Assert.ThrowsAsync<FlowException>(async () => await channel.SendAsync(Message("x"), Stop));
        Assert.Equal((FlowErrorId.ChannelFailed, true), (error.Id, error.IsTransient));
        Assert.StartsWith($"The channel '{channel.Name}' failed to send: it cannot be reached: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("azqueue://account")]
    [InlineData("azqueue://account/Queue")]
    [InlineData("azqueue://account/a/b")]
    public void A_malformed_address_is_rejected(string address) =>
        Assert.Equal(FlowErrorId.FlowInvalid, Assert.Throws<FlowException>(() => QueueChannel.Open(new() { Address = address })).Id);

    private QueueChannel Open(string address) => QueueChannel.Open(new() { Address = address, ConnectionString = _connection });
}

public sealed class PubSubChannelTests(EmulatorFixture emulators) : RemoteChannelContract
{
    private Uri? _endpoint;
    private string _address = string.Empty;

    protected override bool KeepsUntilItsTime => false;

    protected override bool KnowsLostLocks => false;

    protected override async ValueTask<IFlowChannel> CreateAsync()
    {
        var emulator = await emulators.PubSubAsync();
        _endpoint = emulator.Endpoint;
        _address = await emulator.CreateTopicAsync();
        return OpenAgain();
    }

    protected override IFlowChannel OpenAgain() => Open(_address);

    [Fact]
    public async Task Another_subscription_can_be_named()
    {
        var emulator = await emulators.PubSubAsync();
        var topic = _address.Split('/')[^1];
        await emulator.PutAsync($"subscriptions/{topic}-other", new { topic = $"projects/{PubSubEmulator.Project}/topics/{topic}" });
        var other = Open($"{_address}?subscription={topic}-other");
        await Channel.SendAsync(Message("x"), Stop);
        Assert.Equal("x", Text((await other.ReceiveAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30), Stop))!));
        Assert.Equal("x", Text(await ReceiveAsync(TimeSpan.FromMinutes(1))));
    }

    [Fact]
    public async Task A_missing_topic_is_one_clear_error()
    {
        var error = await Assert.ThrowsAsync<FlowException>(async () => await Open($"pubsub://{PubSubEmulator.Project}/nowhere").SendAsync(Message("x"), Stop));
        Assert.Equal((FlowErrorId.ChannelFailed, false), (error.Id, error.IsTransient));
        Assert.Contains("create 'projects/test-project/topics/nowhere'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_service_is_a_transient_fault()
    {
        var options = new ChannelOptions
        {
            Address = _address,
            Endpoint = new($"http://127.0.0.1:{FreePorts.Find(1)[0]}/"),
            Retry = new() { Tries = 2, FirstDelay = TimeSpan.FromMilliseconds(1) },
        };
        var error = await Assert.ThrowsAsync<FlowException>(async () => await PubSubChannel.Open(options).SendAsync(Message("x"), Stop));
        Assert.Equal((FlowErrorId.ChannelFailed, true), (error.Id, error.IsTransient));
    }

    [Fact]
    public async Task An_unanswered_attempt_times_out_and_is_retried_with_a_notice()
    {
        await using var silent = await CloudStorageServer.StartAsync(); // at first; then it knows of no such topic
        silent.Expect(new HttpMishap.Silence());
        var heard = new NoticeList();
        using var listening = StoreNotices.Listen(heard);
        var channel = PubSubChannel.Open(new()
        {
            Address = _address,
            Endpoint = silent.Endpoint,
            Retry = new() { Tries = 3, FirstDelay = TimeSpan.FromMilliseconds(1), TryTime = TimeSpan.FromMilliseconds(500) },
        });
        var error = await Assert.ThrowsAsync<FlowException>(async () => await channel.SendAsync(Message("x"), Stop));
        Assert.Contains("there is no such topic", error.Message, StringComparison.Ordinal);
        Assert.Equal([$"The channel '{_address}' is tried again (2 of 3): it cannot be reached: no answer within 0.5 seconds."], heard.All);
    }

    [Fact]
    public async Task An_invalid_response_is_an_error()
    {
        await using var odd = await CloudStorageServer.StartAsync();
        odd.Expect(new HttpMishap.Nonsense());
        var error = await Assert.ThrowsAsync<FlowException>(async () =>
            await PubSubChannel.Open(new() { Address = _address, Endpoint = odd.Endpoint }).SendAsync(Message("x"), Stop));
        Assert.Equal((FlowErrorId.ChannelFailed, true), (error.Id, error.IsTransient));
        Assert.Contains("its answer is not valid: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pubsub://project")]
    [InlineData("pubsub://project/t")]
    [InlineData("pubsub://project/topic/other")]
    [InlineData("pubsub://project/topic?topic=x")]
    public void A_malformed_address_is_rejected(string address) =>
        Assert.Equal(FlowErrorId.FlowInvalid, Assert.Throws<FlowException>(() => PubSubChannel.Open(new() { Address = address })).Id);

    private PubSubChannel Open(string address) => PubSubChannel.Open(new() { Address = address, Endpoint = _endpoint });
}
